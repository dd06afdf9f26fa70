// The CODEX_HOME that a caller means, as its surroundings say it. What runs inside Codex says none
// where the variable is unset: Codex hands it neither to the shells of its threads nor to MCP servers.
import type { CallerKind } from '@dispatch/contract/wire'
import type { Environment } from './environment.ts'

/** Its absolute path; null where the surroundings do not tell. */
export const callerCodexHome = (
  { env, cwd, homedir }: Pick<Environment, 'env' | 'cwd' | 'homedir'>,
  caller: CallerKind,
): string | null => {
  const named = env['CODEX_HOME']
  if (named) return named.startsWith('/') ? named : `${cwd}/${named}`
  if (caller === 'mcp' || env['CODEX_THREAD_ID'] || !homedir.startsWith('/')) return null
  return `${homedir}/.codex`
}

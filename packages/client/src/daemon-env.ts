// The environment that a started daemon gets: the starter's, made independent of the directory that
// it was started from, and without what Codex sets for the commands that it runs.
import type { HomePaths } from '@dispatch/contract/home'
import type { Environment } from './environment.ts'

/** Makes it: every CODEX_* goes but CODEX_HOME; the paths of the home are absolute. */
export const makeDaemonEnv = (
  { env, cwd }: Pick<Environment, 'env' | 'cwd'>,
  paths: HomePaths,
): Record<string, string> => {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue
    if (name.startsWith('CODEX_') && name !== 'CODEX_HOME') continue
    kept[name] = value
  }
  const codexHome = kept['CODEX_HOME']
  if (codexHome && !codexHome.startsWith('/')) kept['CODEX_HOME'] = `${cwd}/${codexHome}`
  kept['DISPATCH_HOME'] = paths.home
  if (kept['DISPATCH_SOCKET']) kept['DISPATCH_SOCKET'] = paths.socket
  if (kept['DISPATCH_DB']) kept['DISPATCH_DB'] = paths.database
  if (kept['DISPATCH_PIDFILE']) kept['DISPATCH_PIDFILE'] = paths.pidfile
  return kept
}

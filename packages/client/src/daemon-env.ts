// The environment that a started daemon gets: the starter's, made independent of the directory that
// it was started from, and without what Codex sets for the commands that it runs.
import type { HomePaths } from '@dispatch/contract/home'
import type { Environment } from './environment.ts'

// The mark of a lane's shell: a daemon that an agent starts is no leftover of that lane.
const LANE_MARK = 'DISPATCH_HOME_ID'

/** Makes it: every CODEX_* goes but CODEX_HOME, and the mark of a lane; the paths of the home are absolute. */
export const makeDaemonEnv = (
  { env, cwd }: Pick<Environment, 'env' | 'cwd'>,
  paths: HomePaths,
): Record<string, string> => {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || name === LANE_MARK) continue
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

// Takes a home: private and locked. What the daemon and the local ops start from.
import { DispatchError } from '@dispatch/contract'
import { type HomePaths, resolveHome } from '@dispatch/contract/home'
import type { Host } from '../host/host.ts'
import { prepareHome } from './home.ts'
import { acquireLock } from './lock.ts'
import { readPidfile } from './pidfile.ts'

/** Another daemon has the home. */
export class HeldHomeError extends DispatchError {
  readonly holder: number | null

  constructor(home: string, holder: number | null) {
    super(
      'conflict',
      `Another dispatchd${holder === null ? '' : ` (pid ${holder})`} serves ${home}.`,
      {
        hint: 'dispatch daemon status',
        details: { home, pid: holder },
      },
    )
    this.holder = holder
  }
}

/** The paths of the host's home. */
export const pathsOf = (host: Host): HomePaths =>
  resolveHome(host.env, { homedir: host.homedir, cwd: host.cwd })

/** Takes the home's lock; throws `HeldHomeError`, or `validation` where the home cannot be trusted. */
export const takeHome = (host: Host, paths: HomePaths): Disposable => {
  prepareHome(paths, host.uid)
  const lock = acquireLock(paths.lock)
  if (!lock) throw new HeldHomeError(paths.home, readPidfile(paths.pidfile))
  return lock
}

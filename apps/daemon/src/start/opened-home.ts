// Takes a home: private, locked, its registry open. What the daemon and the local ops start from.
import { DispatchError } from '@dispatch/contract'
import { type HomePaths, resolveHome } from '@dispatch/contract/home'
import { openStore, type Store } from '@dispatch/store'
import type { Host } from '../host/host.ts'
import { prepareHome } from '../lock/home.ts'
import { acquireLock } from '../lock/lock.ts'
import { readPidfile } from '../lock/pidfile.ts'
import { registryFailure } from './registry-failure.ts'

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

/** Opens the registry; the store's refusals become errors of the contract. */
export const openRegistry = (paths: HomePaths): Store => {
  try {
    return openStore({ file: paths.database })
  } catch (error) {
    throw registryFailure(error)
  }
}

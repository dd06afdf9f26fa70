// Takes a home: private and locked. What the daemon and the local ops start from.
import { dirname } from 'node:path'
import { DispatchError } from '@dispatch/contract'
import { type HomePaths, resolveHome } from '@dispatch/contract/home'
import { homeFaultToError } from '@dispatch/contract/home-faults'
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
        hint: 'dispatch daemon status shows it, dispatch down ends it',
        details: { reason: 'held', home, pid: holder },
      },
    )
    this.holder = holder
  }
}

/** The paths of the host's home. */
export const pathsOf = (host: Host): HomePaths =>
  resolveHome(host.env, { homedir: host.homedir, cwd: host.cwd })

const codeOf = (error: unknown): string =>
  error instanceof Error ? String((error as { code?: unknown }).code) : ''

const unwritable = ({ home, lock }: HomePaths, error: unknown): DispatchError => {
  // With DISPATCH_DB the registry and its lock stand elsewhere.
  const folder = dirname(lock)
  const cause = { details: { path: folder }, cause: error }
  if (/^SQLITE_(?:FULL|IOERR_WRITE)/.test(codeOf(error))) {
    const hint = 'Free some space on the disk.'
    return new DispatchError('internal', `The disk of ${folder} is full.`, { hint, ...cause })
  }
  const variable = folder === home ? 'DISPATCH_HOME' : 'DISPATCH_DB'
  return new DispatchError('validation', `${folder} cannot be written: ${String(error)}.`, {
    hint: `Make ${folder} writable by you, or set ${variable} to another place.`,
    ...cause,
  })
}

/** Takes the home's lock, null where another daemon has it; throws `validation` where the home cannot be trusted or written. */
export const tryHome = (host: Host, paths: HomePaths): Disposable | null => {
  try {
    prepareHome(paths, host.uid)
    return acquireLock(paths.lock)
  } catch (error) {
    if (/^SQLITE_(?:CANTOPEN|READONLY|PERM|FULL|IOERR)/.test(codeOf(error))) {
      throw unwritable(paths, error)
    }
    throw homeFaultToError(paths.home, error)
  }
}

/** The same; throws `HeldHomeError` where another daemon has it. */
export const takeHome = (host: Host, paths: HomePaths): Disposable => {
  const lock = tryHome(host, paths)
  if (!lock) throw new HeldHomeError(paths.home, readPidfile(paths.pidfile))
  return lock
}

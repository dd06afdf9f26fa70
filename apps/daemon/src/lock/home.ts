// The home of a daemon: made private, and refused where others can look in or have put it there.
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { DispatchError } from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'

const refused = (path: string, why: string, hint: string): DispatchError =>
  new DispatchError('validation', `${path} ${why}.`, { hint, details: { path } })

const makePrivate = (path: string): void => {
  const made = mkdirSync(path, { recursive: true, mode: 0o700 })
  if (made !== undefined) chmodSync(path, 0o700)
}

/** Throws `validation` where a directory is a link, another user's, or open to others. */
export const requirePrivate = (path: string, uid: number): void => {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) {
    throw refused(path, 'is a link', 'Set DISPATCH_HOME to the folder itself.')
  }
  if (!stat.isDirectory()) throw refused(path, 'is not a folder', 'Set DISPATCH_HOME to a folder.')
  if (stat.uid !== uid) {
    throw refused(path, 'belongs to another user', 'Set DISPATCH_HOME to a folder of yours.')
  }
  if ((stat.mode & 0o077) !== 0) {
    throw refused(path, 'is open to other users', `chmod 700 ${path}`)
  }
}

/** Makes the home where it is missing, mode 0700; throws `validation` where it is not ours alone. */
export const prepareHome = (paths: HomePaths, uid: number): void => {
  makePrivate(paths.home)
  requirePrivate(paths.home, uid)
  makePrivate(paths.logs)
}

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

/** Makes the home where it is missing, mode 0700; throws `validation` where it is not ours alone. */
export const prepareHome = (paths: HomePaths, uid: number): void => {
  const { home } = paths
  makePrivate(home)
  const stat = lstatSync(home)
  if (stat.isSymbolicLink()) {
    throw refused(home, 'is a link', 'Set DISPATCH_HOME to the folder itself.')
  }
  if (!stat.isDirectory()) throw refused(home, 'is not a folder', 'Set DISPATCH_HOME to a folder.')
  if (stat.uid !== uid) {
    throw refused(home, 'belongs to another user', 'Set DISPATCH_HOME to a folder of yours.')
  }
  if ((stat.mode & 0o077) !== 0) {
    throw refused(home, 'can be read by other users', `chmod 700 ${home}`)
  }
  makePrivate(paths.logs)
}

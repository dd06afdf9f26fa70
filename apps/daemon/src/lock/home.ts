// The home of a daemon: made private, and refused where others can look in or have put it there.
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { DispatchError } from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'
import { makeFolders } from '@dispatch/contract/home-faults'

const refused = (path: string, why: string, hint: string): DispatchError =>
  new DispatchError('validation', `${path} ${why}.`, { hint, details: { path } })

/** Makes a directory where it is missing, mode 0700, and what is missing above it. */
export const makePrivate = (path: string): void =>
  makeFolders(path, (folder) => {
    mkdirSync(folder, { mode: 0o700 })
    // The process's mask may take more away than that.
    if (folder === path) chmodSync(path, 0o700)
  })

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

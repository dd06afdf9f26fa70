// Where the home is and whether it can be trusted: the paths come from the contract, the checks are
// of the file system. A home that others can read, or that another user planted, is refused.
import { lstatSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DispatchError } from '@dispatch/contract/errors'
import { type HomePaths, isSocketPath, resolveHome } from '@dispatch/contract/home'
import { homeFaultToError, isRemoved } from '@dispatch/contract/home-faults'
import type { Environment } from './environment.ts'

const refuse = (message: string, hint: string): never => {
  throw new DispatchError('validation', message, { hint })
}

/** The paths of the home of these surroundings; `home` overrides DISPATCH_HOME. */
export const locateHome = (environment: Environment, home?: string): HomePaths => {
  const { env, homedir, cwd } = environment
  const named = home === undefined ? env : { ...env, DISPATCH_HOME: home }
  const paths = resolveHome(named, { homedir, cwd })
  if (isRemoved(cwd) && paths.home.startsWith(`${cwd}/`)) {
    const place = `relative to a directory that was removed: ${cwd}`
    refuse(`DISPATCH_HOME is ${place}.`, 'Set DISPATCH_HOME to an absolute path.')
  }
  return paths
}

const statOf = (path: string) => {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw homeFaultToError(path, error)
  }
}

/** Refuses a directory that is a link, another user's, or open to others. True when it exists. */
export const checkPrivate = (path: string, uid: number | null): boolean => {
  const stat = statOf(path)
  if (!stat) return false
  if (stat.isSymbolicLink()) {
    refuse(`${path} is a link; dispatch wants the directory itself.`, 'Set DISPATCH_HOME to it.')
  }
  if (!stat.isDirectory()) refuse(`${path} is no directory.`, 'Set DISPATCH_HOME to another path.')
  if (uid !== null && stat.uid !== uid) {
    refuse(`${path} belongs to another user (uid ${stat.uid}).`, 'Set DISPATCH_HOME to your own.')
  }
  if ((stat.mode & 0o077) !== 0) {
    refuse(`${path} is open to other users of this machine.`, `chmod 700 ${path}`)
  }
  return true
}

const readPointer = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch {
    return null
  }
}

/** The socket to connect to, checked; where a home does not exist yet, the path that it will have. */
export const locateSocket = (paths: HomePaths, uid: number | null): string => {
  const exists = checkPrivate(paths.home, uid)
  const pointed = isSocketPath(paths.socket) ? null : readPointer(paths.socketPointer)
  const socket = pointed ?? paths.socket
  if (!exists) return socket
  if (pointed !== null) checkPrivate(dirname(pointed), uid)
  const stat = statOf(socket)
  if (stat && !stat.isSocket()) {
    throw new DispatchError('conflict', `${socket} is no socket; it is left alone.`, {
      hint: 'Move it away, or set DISPATCH_SOCKET.',
      details: { path: socket },
    })
  }
  if (stat && uid !== null && stat.uid !== uid) {
    refuse(`${socket} belongs to another user (uid ${stat.uid}).`, 'Set DISPATCH_SOCKET.')
  }
  return socket
}

// Whether others may be connected to the App Server beside this daemon. A server that is not ours is
// anybody's. On a socket of ours the kernel tells, on Linux: each accepted connection is listed with the
// path of the socket. Where nobody tells, somebody may be.
import { readFileSync, realpathSync } from 'node:fs'
import type { CodexLink } from './codex-link.ts'

/** Connections on a Unix socket that were accepted, in the kernel's list. */
export const connectionsOf = (list: string, path: string): number =>
  list.split('\n').filter((line) => {
    const [, , , , , state, , name] = line.trim().split(/\s+/)
    return state === '03' && name === path
  }).length

const connectionsTo = (socket: string): number | null => {
  try {
    return connectionsOf(readFileSync('/proc/net/unix', 'utf8'), realpathSync(socket))
  } catch {
    return null
  }
}

/** Whether a person may be looking at the same requests through another client. */
export const isPossiblyShared = (link: Pick<CodexLink, 'status'>): boolean => {
  const { connection, socket } = link.status()
  if (connection === 'stdio') return false
  if (connection === 'shared' || socket === null) return true
  const count = connectionsTo(socket)
  // A list that lacks our own connection does not tell of others either.
  return count === null || count !== 1
}

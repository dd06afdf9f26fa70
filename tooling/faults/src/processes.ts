// The processes of a world, found as the kernel knows them: their environment or their arguments name
// the world's folder. Linux only.
import { readdirSync, readFileSync } from 'node:fs'

/** A process of a world; `kind` by what it was started as. */
export type WorldProcess = { pid: number; kind: 'daemon' | 'app-server' | 'other'; command: string }

const read = (pid: string, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}

// What has ended and waits for its parent has no arguments any more.
const kindOf = (command: string): WorldProcess['kind'] => {
  if (command.includes('\0app-server\0')) return 'app-server'
  return /faults\/src\/daemon\/main\.ts\0/.test(command) ? 'daemon' : 'other'
}

/** Whether that process is an App Server. */
export const isServer = (pid: number): boolean =>
  kindOf(read(String(pid), 'cmdline')) === 'app-server'

// The parent is the fourth field; the name before it is in parentheses and may hold anything.
const parentOf = ({ pid }: WorldProcess): number => {
  const stat = read(String(pid), 'stat')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** The living processes of that world, without this one. */
export const processesOf = (root: string, self: number): WorldProcess[] => {
  const found = everyProcess(root, self)
  const kinds = new Map(found.map(({ pid, kind }) => [pid, kind]))
  // What forks has the arguments of its parent for a moment.
  return found.map((one) =>
    one.kind !== 'other' && kinds.get(parentOf(one)) === one.kind ? { ...one, kind: 'other' } : one,
  )
}

const everyProcess = (root: string, self: number): WorldProcess[] =>
  readdirSync('/proc').flatMap((pid): WorldProcess[] => {
    if (!/^\d+$/.test(pid) || Number(pid) === self) return []
    const command = read(pid, 'cmdline')
    if (command === '' || !`${read(pid, 'environ')}\0${command}`.includes(root)) return []
    return [{ pid: Number(pid), kind: kindOf(command), command: command.replaceAll('\0', ' ') }]
  })

// The processes of a world, found as the kernel knows them: whatever its environment or its arguments
// name the world's folder. Linux only.
import { readdirSync, readFileSync } from 'node:fs'

/** A process of a world. */
export type WorldProcess = { pid: number; command: string }

const read = (pid: number, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}

/** Every process whose environment or arguments name that folder; this one is none of them. */
export const processesOf = (root: string): WorldProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .filter((pid) => `${read(pid, 'environ')}\0${read(pid, 'cmdline')}`.includes(root))
    .map((pid) => ({ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }))

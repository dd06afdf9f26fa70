// Tells one process from a later one with the same number: by pid and start time. Only a process
// that is told apart so is ever signalled.
import { readFileSync } from 'node:fs'
import type { Host } from '../host/host.ts'

/** A process, told apart from a later one with its pid. */
export type ProcessIdentity = {
  pid: number
  /** The kernel's start time; null where the platform does not tell. */
  startedAt: number | null
}

/** The kernel's start time of a process (clock ticks since boot), null when it is gone or unknown. */
const startTimeOf = (pid: number): number | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The command's name is in parentheses and may hold anything; the start time is the 20th after it.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  } catch {
    return null
  }
}

const exists = (host: Host, pid: number): boolean => {
  try {
    host.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// A zombie still has a pid and a start time, but nothing that could answer.
const isZombie = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}

/** Whether that very process still runs. */
export const isAlive = (host: Host, { pid, startedAt }: ProcessIdentity): boolean =>
  exists(host, pid) && !isZombie(pid) && (startedAt === null || startTimeOf(pid) === startedAt)

/** The identity of a process that runs now. */
export const identify = (pid: number): ProcessIdentity => ({ pid, startedAt: startTimeOf(pid) })

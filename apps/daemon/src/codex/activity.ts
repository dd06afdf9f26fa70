// Whether a process that does not answer is at work at all: a busy one uses the processor or waits for
// the disk, one that hangs or was stopped does neither. Linux only; elsewhere all count as at work.
import { readFileSync } from 'node:fs'

/** State letter and processor time (user and system, in ticks) of a line of /proc/PID/stat. */
export const statToActivity = (stat: string): { state: string; ticks: number } => {
  // The command's name is in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', ticks: Number(fields[11]) + Number(fields[12]) }
}

const read = (pid: number): ReturnType<typeof statToActivity> | null => {
  try {
    return statToActivity(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return null
  }
}

/** Watches a process from now on; says whether it has worked since. */
export const watchActivity = (pid: number | null): (() => boolean) => {
  const before = pid === null ? null : read(pid)
  return () => {
    const now = pid === null ? null : read(pid)
    if (before === null || now === null) return true
    return now.ticks !== before.ticks || now.state === 'D'
  }
}

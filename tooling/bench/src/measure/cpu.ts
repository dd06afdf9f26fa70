// CPU that processes have used, user and system together, in milliseconds.
import { readdirSync, readFileSync } from 'node:fs'

/** Of the kernel's clock: 100 on every Linux. */
const TICK_MS = 10

/** Of a process with all threads that it ever had; in steps of 10 ms, so for long spans only. */
export const cpuOfProcess = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name stands in parentheses and may have blanks in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Of the threads that a process has now; to the microsecond. Right where threads stay, as in Node. */
export const cpuOfThreads = (pid: number): number => {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [ran] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanoseconds += Number(ran)
  }
  return nanoseconds / 1e6
}

/** Of this process. */
export const cpuOfBench = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Resident memory of a process, in MB. */
export const residentMb = (pid: number): number => {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

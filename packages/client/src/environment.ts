// The only file of this package that reads the process: what surfaces and programs may leave unsaid.
import { readFileSync, readlinkSync } from 'node:fs'
import { userInfo } from 'node:os'
import { homeDirectory } from '@dispatch/contract/home'
import { currentDirectory } from '@dispatch/contract/home-faults'

/** The caller's surroundings. */
export type Environment = {
  env: Readonly<Record<string, string | undefined>>
  /** Absolute; of a directory that was removed, see `currentDirectory`. */
  cwd: string
  homedir: string
  /** The user's id; null where the platform has none. */
  uid: number | null
}

/** The surroundings of this process. */
export const readEnvironment = (): Environment => ({
  env: process.env,
  cwd: currentDirectory(process.cwd, process.env),
  homedir: homeDirectory(process.env, userInfo),
  uid: process.getuid?.() ?? null,
})

/** Milliseconds of a clock that never jumps; `performance` would load node:perf_hooks, 0.5 ms of a cold process. */
export const readMonotonic = (): number => Number(process.hrtime.bigint()) / 1_000_000

/** The Node that runs this process. */
export const readExecPath = (): string => process.execPath

const linkedZone = (): string | undefined => {
  try {
    return /zoneinfo\/(.+)$/.exec(readlinkSync('/etc/localtime'))?.[1]
  } catch {
    return undefined
  }
}

/** The machine's IANA zone. Intl is the last to be asked: its first use costs a cold process up to 19 ms. */
export const readZone = (env: Environment['env']): string => {
  const named = env['TZ']
  if (named && /^[A-Z][\w+-]*(\/[\w+-]+)*$/.test(named)) return named
  return linkedZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

// One letter, as the kernel writes it; empty where it does not tell.
const stateOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.charAt(stat.lastIndexOf(')') + 2)
  } catch {
    return ''
  }
}

/** Whether a process was stopped by a signal; false where the platform does not tell. */
export const isProcessStopped = (pid: number): boolean => stateOf(pid).toUpperCase() === 'T'

/** Whether a process lives. One of another user counts as living. */
export const isProcessAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  // A process whose parent does not reap it answers signals for ever.
  return stateOf(pid) !== 'Z'
}

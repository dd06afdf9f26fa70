// The pid file: information for people and scripts. The lock is the truth.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'

/** The pid that the file names, or null. */
export const readPidfile = (path: string): number | null => {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim())
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

/** Writes it, mode 0600; disposing removes it as long as it is still ours. */
export const writePidfile = (path: string, pid: number): Disposable => {
  writeFileSync(path, `${pid}\n`, { mode: 0o600 })
  return {
    [Symbol.dispose]() {
      if (readPidfile(path) === pid) rmSync(path, { force: true })
    },
  }
}

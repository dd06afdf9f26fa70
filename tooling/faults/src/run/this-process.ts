// This process as a driver of worlds.
import type { Driver } from './world.ts'

/** Takes it from the platform. */
export const thisProcess = (): Omit<Driver, 'program'> => ({
  pid: process.pid,
  execPath: process.execPath,
  env: process.env,
  kill: (pid) => {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended in between.
    }
  },
})

// Processes that lanes of a home left behind, told by the marker in their environment.
import { readdirSync, readFileSync } from 'node:fs'

/** Their pids. Linux only. */
export const leftovers = (homeId: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
        return environment.includes(`DISPATCH_HOME_ID=${homeId}`)
      } catch {
        return false
      }
    })

// From how late a clock times of triggers were ever reckoned, on disk. While the clock is not behind that,
// no trigger waits for what a wrong clock showed, and none has to be looked at to know it.
import type { Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'

/** What is known of it. */
export type Reckoned = {
  /** In the commit that writes times which were reckoned now. */
  note(): void
  /** Whether some may have been reckoned from a clock that was ahead of now. */
  isAhead(): boolean
  /** All of them have been looked at, and none is ahead of now any more. */
  settle(): void
}

const KEY = 'triggers.reckoned'

/** Reads it from the registry. */
export const makeReckoned = ({ store, clock }: { store: Store; clock: Clock }): Reckoned => {
  const latest = (): number | null => {
    const kept = store.runtime.get(KEY)
    return typeof kept === 'number' ? kept : null
  }
  return {
    note: () => {
      const now = clock.now()
      if ((latest() ?? -Infinity) < now) store.runtime.set(KEY, now)
    },
    isAhead: () => {
      const last = latest()
      return last === null ? store.triggers.nextDue() !== null : last > clock.now()
    },
    settle: () => store.runtime.set(KEY, clock.now()),
  }
}

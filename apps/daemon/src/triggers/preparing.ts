// Reads the schedules of the triggers that are next beforehand, one in a round of the loop: an expression
// that nobody has read yet takes half a millisecond, and a hundred that fall due at once would be late by it.
import type { Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Timetable } from './timetable.ts'

/** Those that are due within one page. */
const AHEAD = 100

/** Prepares until disposed. */
export type Preparing = Disposable & { begin(): void }

/** Makes it; nothing is read before it begins. */
export const makePreparing = (options: {
  store: Store
  clock: Clock
  timetable: Timetable
}): Preparing => {
  const { store, clock, timetable } = options
  let ended = false
  const begin = async (): Promise<void> => {
    for (const trigger of store.triggers.upcoming(AHEAD)) {
      await new Promise<void>((resolve) => void setImmediate(resolve))
      if (ended) return
      try {
        timetable.ahead(trigger, clock.now())
      } catch {
        // One that cannot be reckoned with is told of when its time comes.
      }
    }
  }
  return {
    begin: () => void begin(),
    [Symbol.dispose]: () => {
      ended = true
    },
  }
}

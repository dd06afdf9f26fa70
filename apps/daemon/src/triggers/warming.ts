// Reckons once with what is due next, a while after the start: the first times in a zone and of an
// expression take ten times as long as later ones, and what is due at the same moment would pay for them.
import { setImmediate as round } from 'node:timers/promises'
import type { Store, TriggerRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Timetable } from './timetable.ts'

type WarmingOptions = { store: Store; clock: Clock; timetable: Pick<Timetable, 'ahead'> }

/** The start itself comes first. */
const AFTER_MS = 1_000
/** As many as are taken up in one commit. */
const MOST = 100

/** Reckons with those that are due next, one in a round of the event loop; nothing is written. */
export const warmUp = ({ store, clock, timetable }: WarmingOptions): Disposable => {
  let ended = false

  const reckon = (trigger: TriggerRow): void => {
    try {
      timetable.ahead(trigger, clock.now())
    } catch {
      // One that cannot be reckoned with is found out when its time comes.
    }
  }

  const reckonAll = async (): Promise<void> => {
    for (const trigger of store.triggers.due(Number.MAX_SAFE_INTEGER, MOST)) {
      if (ended) return
      reckon(trigger)
      await round()
    }
  }

  const timer = clock.at(AFTER_MS, () => {
    // A registry that cannot be read now is found out by others.
    reckonAll().catch(() => undefined)
  })
  return {
    [Symbol.dispose]: () => {
      ended = true
      timer[Symbol.dispose]()
    },
  }
}

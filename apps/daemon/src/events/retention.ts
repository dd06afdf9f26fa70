// Keeps the event log within its retention: looked after every hour, in slices that nobody waits for.
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from './event-log.ts'

const DAY_MS = 86_400_000
const EVERY_MS = 3_600_000
const KEEP = { days: 14, rows: 1_000_000 }
const SLICE = 500

/** Prunes until disposed. */
export const keepRetention = (options: { events: EventLog; clock: Clock }): Disposable => {
  const { events, clock } = options
  let stopped = false
  let timer: Disposable

  const prune = (): void => {
    if (stopped) return
    const olderThan = clock.now() - KEEP.days * DAY_MS
    const pruned = events.prune({ olderThan, maxRows: KEEP.rows, slice: SLICE })
    if (pruned > 0) setImmediate(prune)
    else timer = clock.at(EVERY_MS, prune)
  }

  timer = clock.at(0, prune)
  return {
    [Symbol.dispose]() {
      stopped = true
      timer[Symbol.dispose]()
    },
  }
}

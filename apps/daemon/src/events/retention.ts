// Keeps the event log within its retention: looked after every hour, in slices that nobody waits for.
import type { Clock } from '../clock/clock.ts'
import type { Log } from '../log/log.ts'
import type { EventLog } from './event-log.ts'

const DAY_MS = 86_400_000
const EVERY_MS = 3_600_000
const KEEP = { days: 14, rows: 1_000_000 }
const SLICE = 500

type RetentionOptions = { events: EventLog; clock: Clock; log: Log }

/** Prunes until disposed. */
export const keepRetention = (options: RetentionOptions): Disposable => {
  const { events, clock, log } = options
  let stopped = false
  let timer: Disposable

  const prune = (): void => {
    if (stopped) return
    if (pruneSlice() > 0) setImmediate(prune)
    else timer = clock.at(EVERY_MS, prune)
  }

  // A registry that cannot be written now is pruned an hour later.
  const pruneSlice = (): number => {
    try {
      const olderThan = clock.now() - KEEP.days * DAY_MS
      return events.prune({ olderThan, maxRows: KEEP.rows, slice: SLICE })
    } catch (error) {
      log.warn('retention.failed', { error })
      return 0
    }
  }

  timer = clock.at(0, prune)
  return {
    [Symbol.dispose]() {
      stopped = true
      timer[Symbol.dispose]()
    },
  }
}

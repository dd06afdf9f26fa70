// Who makes the checkpoints of the registry: the commit that fills the WAL, which takes some 10 ms
// of the loop; or the thread that indexes, while it is there and can, and nobody waits. Where more
// comes in than is written, it is started for that.
// Nothing of it is anybody's failure: who has committed has committed.
import type { Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Log } from '../log/log.ts'

/** The care for the WAL. */
export type Checkpoints = Disposable & {
  /** More comes in than is written. */
  behind(): void
}

/** A thread that can make them. */
type Thread = {
  isRunning(): boolean
  checkpoint(): Promise<void>
  /** Calls `fn` when the thread has ended, until disposed. */
  ended(fn: () => void): Disposable
}

type CheckpointOptions = {
  store: Pick<Store, 'wal'>
  events: Pick<EventLog, 'woken'>
  clock: Clock
  log: Log
  thread: Thread
}

/** Pages of a checkpoint: SQLite's own measure, 4 MB. */
const PAGES = 1_000
/**
 * Where the thread does not keep up, the commit makes them from 64 MB on; the WAL may go a little
 * beyond.
 */
const PAGES_AT_MOST = 16_000
const LOOK_MS = 5
/** A thread that could not, or is switched off, is not asked again before. */
const AGAIN_MS = 5_000

/** Takes the care over until disposed. */
export const makeCheckpoints = (options: CheckpointOptions): Checkpoints => {
  const { store, events, clock, log, thread } = options
  let isTaken = false
  let isAsked = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let failedAt = Number.NEGATIVE_INFINITY

  const failed = (error: unknown): void => log.debug('registry.no-checkpoint', { error })

  const take = (isThere: boolean): void => {
    if (isThere === isTaken) return
    try {
      store.wal.checkpointAt(isThere ? PAGES_AT_MOST : PAGES)
      isTaken = isThere
    } catch (error) {
      failed(error)
    }
  }

  const isFull = (): boolean => {
    try {
      return store.wal.pages() >= PAGES
    } catch (error) {
      failed(error)
      return false
    }
  }

  const ask = async (): Promise<void> => {
    isAsked = true
    try {
      await thread.checkpoint()
    } catch (error) {
      failed(error)
      failedAt = clock.monotonic()
      take(false)
    }
    isAsked = false
  }

  const isAble = (): boolean => clock.monotonic() - failedAt >= AGAIN_MS

  const listening = events.woken(() => {
    const now = clock.monotonic()
    if (now - lookedAt < LOOK_MS) return
    lookedAt = now
    take(isAble() && thread.isRunning())
    if (isTaken && !isAsked && isFull()) void ask()
  })
  // What comes without an event would not look.
  const ending = thread.ended(() => take(false))

  return {
    behind: () => {
      if (!isTaken && !isAsked && isAble()) void ask()
    },
    [Symbol.dispose]: () => {
      listening[Symbol.dispose]()
      ending[Symbol.dispose]()
      take(false)
    },
  }
}

// Who makes the checkpoints of the registry: the commit that fills the WAL, which takes some 10 ms of the
// loop; or the thread that indexes, while it is there, and nobody waits. Where more comes in than is
// written, it is started for that.
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
type Thread = { isRunning(): boolean; checkpoint(): Promise<void> }

type CheckpointOptions = {
  store: Pick<Store, 'wal'>
  events: Pick<EventLog, 'woken'>
  clock: Clock
  log: Log
  thread: Thread
}

/** Pages of a checkpoint: SQLite's own measure, 4 MB. */
const PAGES = 1_000
/** Where the thread does not keep up, the WAL is to stay below 64 MB. */
const PAGES_AT_MOST = 16_000
const LOOK_MS = 5

/** Takes the care over until disposed. */
export const makeCheckpoints = (options: CheckpointOptions): Checkpoints => {
  const { store, events, clock, log, thread } = options
  let isTaken = false
  let isAsked = false
  let lookedAt = Number.NEGATIVE_INFINITY

  const take = (isThere: boolean): void => {
    if (isThere === isTaken) return
    isTaken = isThere
    store.wal.checkpointAt(isThere ? PAGES_AT_MOST : PAGES)
  }

  const ask = async (): Promise<void> => {
    isAsked = true
    try {
      await thread.checkpoint()
    } catch (error) {
      log.debug('registry.no-checkpoint', { error })
    }
    isAsked = false
  }

  const listening = events.woken(() => {
    const now = clock.monotonic()
    if (now - lookedAt < LOOK_MS) return
    lookedAt = now
    take(thread.isRunning())
    if (isTaken && !isAsked && store.wal.pages() >= PAGES) void ask()
  })

  return {
    behind: () => {
      if (!isTaken && !isAsked) void ask()
    },
    [Symbol.dispose]: () => {
      listening[Symbol.dispose]()
      take(false)
    },
  }
}

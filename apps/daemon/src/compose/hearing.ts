// What Codex says, put together: the queue of it, what writes it down, the fates of messages that follow from
// it, and the watch over lanes of which nothing is heard. Who acts on it is made later and listens.
import type { LaneRow } from '@dispatch/store'
import { makeDeliveryWriter } from '../deliveries/delivery-writer.ts'
import { freeHandle } from '../lanes/naming.ts'
import { type FactListener, makeFactWriter } from '../turns/fact-writer.ts'
import { makeIngest } from '../turns/ingest.ts'
import type { Stopper } from '../turns/stop.ts'
import { keepWatch } from '../watchdog/keep-watch.ts'
import type { Ground } from './ground.ts'

/** Who acts on it; none is called before the daemon is put together. */
type Listening = Pick<FactListener, 'requests' | 'turnEnded' | 'turnStarted' | 'unloaded'> & {
  /** The fate of a message of that lane is known. */
  settled(threadId: string): void
  /** More is said than is written. */
  behind(): void
  /** More was said than is kept. */
  overflow(): void
  stopper(): Stopper
}

type HearingOptions = Ground & { random: () => number; listener: Listening }

/** Puts it together. */
export const makeHearing = (options: HearingOptions, stack: AsyncDisposableStack) => {
  const { store, clock, log, changes, configuration, random, listener } = options
  const watchdog = stack.use(
    keepWatch({ ...options, written: changes.touched, stopper: listener.stopper }),
  )
  const touched = (threadIds: Iterable<string>): void => {
    changes.touched(threadIds)
    watchdog.touched(threadIds)
  }
  const deliveries = makeDeliveryWriter({
    store,
    clock,
    retry: () => ({ ...configuration.daemon().retry, spread: random() }),
    settled: listener.settled,
  })
  const isTaken = (handle: string): boolean => store.lanes.byLiveHandle(handle) !== null
  const writer = makeFactWriter({
    ...options,
    freeHandle: ({ handle }: LaneRow) => freeHandle(handle, isTaken),
    listener: {
      ...listener,
      deliveries: (tx, lane, fact) => deliveries.onFact(tx, lane, fact),
      touched,
    },
  })
  const { behind, overflow } = listener
  const ingest = makeIngest({ writer, clock, log, behind, overflow, heard: watchdog.heard })
  return { watchdog, touched, deliveries, ingest }
}

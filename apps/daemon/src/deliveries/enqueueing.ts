// Takes messages that wait: on disk at the end of the lane's queue before anything else, then what
// comes next is done at once. Runs inside the lane's worker.
import { DispatchError } from '@dispatch/contract'
import type { DeliveryRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Ingest } from '../turns/ingest.ts'
import { decideEnqueue, decideRoom, refusalToError } from './decide.ts'
import type { DeliveryWriter } from './delivery-writer.ts'
import { knownDelivery, type Message, messageToRow } from './message.ts'
import type { QueueRunner } from './queue-runner.ts'
import { drainingError } from './submission.ts'

/** What it needs. */
export type EnqueueingOptions = {
  store: Store
  clock: Clock
  events: EventLog
  ingest: Ingest
  deliveries: DeliveryWriter
  runner: Pick<QueueRunner, 'run'>
  touched: (threadIds: Iterable<string>) => void
  isDraining: () => boolean
}

/** Puts a message into its lane's queue; gives the row, in whatever state it came to. */
export type Enqueueing = (message: Message) => Promise<DeliveryRow>

/** Makes the queueing of messages. */
export const makeEnqueueing = (options: EnqueueingOptions): Enqueueing => {
  const { store, clock, events, ingest, deliveries, runner } = options
  return async (message) => {
    const { id, threadId, mode } = message
    const known = knownDelivery(store, message)
    if (known) return known
    // The turn would be cut for a message that has to wait for the next daemon.
    if (mode === 'interject' && options.isDraining()) throw drainingError()
    ingest.drain()
    const lane = store.lanes.get(threadId)
    if (!lane) throw new DispatchError('not_found', 'The lane is gone.')
    const row = messageToRow(message, { at: clock.now() })
    const unsettled = store.deliveries.unsettled(threadId)
    const refusal =
      decideEnqueue(lane, mode, unsettled) ?? decideRoom(lane, row.textLength, unsettled)
    if (refusal) throw refusalToError(refusal, lane)
    events.commit((tx) => deliveries.queued(tx, row), { durable: true })
    options.touched([threadId])
    await runner.run(threadId)
    return store.deliveries.get(id) ?? row
  }
}

// Puts a message into the turn that runs. Committed in the lane's worker; the answer is waited for
// outside of it, so that a steer under way hinders neither a stop nor another steer.
import type { CodexClient } from '@dispatch/codex-client'
import { DispatchError } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { isRefusal, steerRefusalToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import { isBegun } from '../turns/begun.ts'
import type { Ingest } from '../turns/ingest.ts'
import { decideSteer, refusalToError } from './decide.ts'
import type { DeliveryWriter } from './delivery-writer.ts'
import { departureOf, knownDelivery, type Message, messageToRow } from './message.ts'
import { connectionLost } from './submission.ts'

/** What it needs. */
export type SteeringOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  ingest: Ingest
  loading: LaneLoading
  workers: LaneWorkers
  changes: LaneChanges
  deliveries: DeliveryWriter
  /** Judges messages of the lane whose acceptance nobody saw. */
  reconcile: (threadId: string) => Promise<void>
}

/** Steers turns. */
export type Steering = {
  /** The row, in whatever state it came to; throws a refusal of ours or of Codex. Outside the lane's worker. */
  steer(message: Message, signal: AbortSignal): Promise<DeliveryRow>
}

/** A turn that has only just been asked for starts within a second. */
const BEGUN_MS = 10_000

type Sent = { row: DeliveryRow; lane: LaneRow; reply: Promise<unknown> }
type Handed = Sent | { row: DeliveryRow; reply: null }

/** Makes the steering. */
export const makeSteering = (options: SteeringOptions): Steering => {
  const { store, clock, events, link, ingest, loading, workers, changes, deliveries } = options

  const laneOf = (threadId: string): LaneRow => {
    const lane = store.lanes.get(threadId)
    if (!lane) throw new DispatchError('not_found', 'The lane is gone.')
    const refusal = decideSteer(lane, store.deliveries.unsettled(threadId))
    if (refusal) throw refusalToError(refusal, lane)
    return lane
  }

  // Codex steers no turn between the answer to turn/start and turn/started.
  const waitForBegin = async (threadId: string, signal: AbortSignal): Promise<void> => {
    const turnId = laneOf(threadId).activeTurnId ?? ''
    const isMet = () => isBegun(store, threadId, turnId)
    await changes.until([threadId], isMet, { signal, timeoutMs: BEGUN_MS })
  }

  const request = (client: CodexClient, row: DeliveryRow, turnId: string): Promise<unknown> =>
    client.request('turn/steer', {
      threadId: row.threadId,
      expectedTurnId: turnId,
      clientUserMessageId: row.id,
      input: [{ type: 'text', text: row.text, text_elements: [] }],
    })

  const handOver = async (message: Message, signal: AbortSignal): Promise<Handed> => {
    const known = knownDelivery(store, message)
    const { threadId } = message
    if (known) return { row: known, reply: null }
    const client = link.current()
    if (!client) throw connectionLost()
    await loading.load(client, laneOf(threadId))
    ingest.drain()
    const lane = laneOf(threadId)
    // Who gave up by now was told that it is not sent.
    signal.throwIfAborted()
    const at = clock.now()
    const departure = departureOf(lane, { at, server: link.instance() })
    const row = messageToRow(message, { at, departure })
    events.commit((tx) => deliveries.submitting(tx, row), { durable: true })
    return { row, lane, reply: request(client, row, lane.activeTurnId ?? '') }
  }

  const landed = ({ row, lane }: Sent): void => {
    events.commit(() => {
      // A row that history has judged meanwhile has its turn.
      if (store.deliveries.get(row.id)?.state !== 'submitting') return
      store.deliveries.update(row.id, { turnId: lane.activeTurnId, landed: 'steered' })
    })
    changes.touched([row.threadId])
  }

  const refused = ({ row, lane }: Sent, error: unknown): DispatchError => {
    const failure = steerRefusalToError(error, lane)
    events.commit((tx) => {
      if (store.deliveries.get(row.id)?.state !== 'submitting') return
      deliveries.settle(tx, row.id, { state: 'failed', turnId: null, failure: failure.message })
    })
    changes.touched([row.threadId])
    return failure
  }

  return {
    steer: async (message, signal) => {
      const { id, threadId } = message
      if (!knownDelivery(store, message)) {
        // Both may take long: before the worker, where nothing waits behind them.
        await link.client(signal)
        await waitForBegin(threadId, signal)
      }
      const handed = await workers.run(threadId, () => handOver(message, signal))
      if (handed.reply === null) return handed.row
      try {
        await handed.reply
        landed(handed)
      } catch (error) {
        if (isRefusal(error)) throw refused(handed, error)
        await workers.run(threadId, () => options.reconcile(threadId))
      }
      return store.deliveries.get(id) ?? handed.row
    },
  }
}

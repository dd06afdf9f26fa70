// Hands a message over that shall start a turn now: committed with full sync before the first byte
// leaves, accepted when Codex reports the user message complete. Runs inside the lane's worker.
import type { CodexClient } from '@dispatch/codex-client'
import { DispatchError } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Turnstile } from '../clock/turnstile.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { Ingest } from '../turns/ingest.ts'
import { decideSend, refusalToError } from './decide.ts'
import type { DeliveryWriter } from './delivery-writer.ts'
import { departureOf, knownDelivery, type Message, messageToRow } from './message.ts'
import type { TurnStart } from './turn-start.ts'

/** What it needs. */
export type SubmissionOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  ingest: Ingest
  loading: LaneLoading
  deliveries: DeliveryWriter
  start: TurnStart
  /** Judges messages of the lane whose acceptance nobody saw. */
  reconcile: (threadId: string) => Promise<void>
  /** To have a message on disk takes milliseconds, and a hundred lanes may be about to. */
  pass: Turnstile
  /** Whether the daemon waits for its turns to end before it leaves. */
  isDraining: () => boolean
}

/** Hands messages over. */
export type Submission = {
  /**
   * The row, in whatever state it came to; throws a refusal of ours or of Codex. Once `over` aborts its
   * sender has been told that the message is not sent: then it is not.
   */
  submit(message: Message, over: AbortSignal): Promise<DeliveryRow>
}

/** What is said to who would begin something while the daemon drains. */
export const drainingError = (): DispatchError =>
  new DispatchError('lane_busy', 'The daemon leaves when the running turns have ended.', {
    hint: 'Send it again when it is back.',
  })

/** What is said where there is no connection any more when the message's turn has come. */
export const connectionLost = (): DispatchError =>
  new DispatchError('app_server', 'The connection to Codex was lost before the message.', {
    hint: 'dispatch daemon status',
  })

/** Makes the submission of messages. */
export const makeSubmission = (options: SubmissionOptions): Submission => {
  const { store, clock, events, link, ingest, loading, deliveries, reconcile } = options

  // The lane's earlier steps may have taken long: only now is it known which connection there is.
  const connected = (): CodexClient => {
    const client = link.current()
    if (client) return client
    throw connectionLost()
  }

  // Without a turn nothing else would ever settle it.
  const judgeEarlier = async (threadId: string): Promise<void> => {
    if (store.lanes.get(threadId)?.activeTurnId !== null) return
    const earlier = store.deliveries.unsettled(threadId)
    if (earlier.some(({ state }) => state === 'submitting')) await reconcile(threadId)
  }

  return {
    submit: async (message, over) => {
      const known = knownDelivery(store, message)
      if (known) return known
      if (options.isDraining()) throw drainingError()
      await judgeEarlier(message.threadId)
      const lane = store.lanes.get(message.threadId)
      if (!lane) throw new DispatchError('not_found', 'The lane is gone.')
      refuse(lane)
      await loading.load(connected(), lane)
      await options.pass()
      ingest.drain()
      const current = store.lanes.get(message.threadId) ?? lane
      refuse(current)
      // What went before may have taken long; from here to the first byte nothing is waited for.
      if (options.isDraining()) throw drainingError()
      over.throwIfAborted()
      const client = connected()
      const at = clock.now()
      const departure = departureOf(current, { at, server: link.instance() })
      const row = messageToRow(message, { at, departure })
      events.commit((tx) => deliveries.submitting(tx, row), { durable: true })
      await options.start(client, current, row)
      return store.deliveries.get(row.id) ?? row
    },
  }

  function refuse(lane: LaneRow): void {
    const refusal = decideSend(lane, store.deliveries.unsettled(lane.threadId))
    if (refusal) throw refusalToError(refusal, lane)
  }
}

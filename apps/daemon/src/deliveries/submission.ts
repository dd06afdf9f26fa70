// Hands a message to Codex: committed with full sync before the first byte leaves, accepted when
// Codex reports the user message complete. Runs inside the lane's worker.
import { statSync } from 'node:fs'
import type { CodexClient } from '@dispatch/codex-client'
import { DispatchError, type TurnSettings } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import { textToShape } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError, isRefusal } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import { settingsToTurn } from '../codex/translate-settings.ts'
import type { EventLog } from '../events/event-log.ts'
import { laneToSettings, type ToldSettings } from '../lanes/lane-force.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { Ingest } from '../turns/ingest.ts'
import { decideSend } from './decide.ts'
import type { DeliveryWriter } from './delivery-writer.ts'

/** A message to be handed over. */
export type Message = {
  /** The receipt id: the caller's, so the same call made again is the same delivery. */
  id: string
  threadId: string
  text: string
  overrides: TurnSettings
  actor: string
}

type SubmissionOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  ingest: Ingest
  loading: LaneLoading
  deliveries: DeliveryWriter
  touched: (threadIds: Iterable<string>) => void
  /** Judges messages of the lane whose acceptance nobody saw. */
  reconcile: (threadId: string) => Promise<void>
  /** Whether the daemon waits for its turns to end before it leaves. */
  isDraining: () => boolean
}

/** Hands messages over. */
export type Submission = {
  /** The row, in whatever state it came to; throws a refusal of ours or of Codex. */
  submit(message: Message): Promise<DeliveryRow>
}

const sizeOf = (path: string | null): number | null => {
  try {
    return path === null ? null : statSync(path).size
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 0 : null
  }
}

// After an override Codex keeps it for all later turns, so from then on what was in force before is
// sent explicitly.
const turnSettings = (store: Store, lane: LaneRow, overrides: TurnSettings): ToldSettings => {
  const overridden = store.deliveries.overriddenFields(lane.threadId)
  const told = new Set<keyof ToldSettings>([...lane.unset, ...overridden])
  return { ...laneToSettings(lane, told), ...overrides }
}

/** Makes the submission of messages. */
export const makeSubmission = (options: SubmissionOptions): Submission => {
  const { store, clock, events, link, ingest, loading, deliveries, touched } = options
  const { reconcile, isDraining } = options

  // The lane's earlier steps may have taken long: only now is it known which connection there is.
  const connected = (): CodexClient => {
    const client = link.current()
    if (client) return client
    throw new DispatchError('app_server', 'The connection to Codex was lost before the message.', {
      hint: 'dispatch daemon status',
    })
  }

  const refuseOther = (known: DeliveryRow, { threadId, text }: Message): void => {
    if (known.threadId === threadId && known.textHash === textToShape(text).textHash) return
    throw new DispatchError('conflict', `${known.id} is the id of another message.`, {
      details: { delivery: known.id },
    })
  }

  const refuseDraining = (): void => {
    if (!isDraining()) return
    throw new DispatchError('lane_busy', 'The daemon leaves when the running turns have ended.', {
      hint: 'Send it again when it is back.',
    })
  }

  const newRow = (message: Message, lane: LaneRow): DeliveryRow => ({
    id: message.id,
    threadId: message.threadId,
    mode: 'send',
    text: message.text,
    ...textToShape(message.text),
    state: 'submitting',
    outcome: null,
    turnId: null,
    landed: null,
    overrides: message.overrides,
    actor: message.actor,
    createdAt: clock.now(),
    submittedAt: clock.now(),
    acceptedAt: null,
    completedAt: null,
    failure: null,
    server: link.instance(),
    rolloutBytes: sizeOf(lane.rolloutPath),
  })

  const fail = (row: DeliveryRow, failure: string): void => {
    events.commit((tx) => deliveries.settle(tx, row, { state: 'failed', turnId: null, failure }))
    touched([row.threadId])
  }

  // The answer names the turn; when it ran before, Codex put the message into it.
  const landed = (row: DeliveryRow, turnId: string): void => {
    const running = store.turns.get(row.threadId, turnId)
    events.commit((tx) => {
      store.deliveries.update(row.id, { turnId, landed: running ? 'steered' : 'turn' })
      if (running) return
      store.turns.upsert({
        threadId: row.threadId,
        id: turnId,
        status: 'started',
        deliveryId: row.id,
      })
      const from = store.lanes.get(row.threadId)?.status
      // A sub-agent of the lane may ask while the lane itself is idle.
      const to = store.requests.countPending(row.threadId) > 0 ? 'waiting_approval' : 'busy'
      store.lanes.update(row.threadId, {
        activeTurnId: turnId,
        latestTurnId: turnId,
        status: to,
        updatedAt: clock.now(),
      })
      const data = { from, to }
      if (from !== to) tx.append({ threadId: row.threadId, type: 'lane.status-changed', data })
    })
    touched([row.threadId])
  }

  const start = async (client: CodexClient, lane: LaneRow, row: DeliveryRow): Promise<void> => {
    try {
      const { turn } = await client.request('turn/start', {
        threadId: lane.threadId,
        clientUserMessageId: row.id,
        input: [{ type: 'text', text: row.text, text_elements: [] }],
        ...settingsToTurn(turnSettings(store, lane, row.overrides)),
      })
      landed(row, turn.id)
    } catch (error) {
      // Only a no is sure; after silence the row is judged by history, after a lost connection too,
      // when there is one again.
      if (!isRefusal(error)) return await reconcile(lane.threadId)
      const failure = codexFailureToError(error) as DispatchError
      fail(row, failure.message)
      throw failure
    }
  }

  // Without a turn nothing else would ever settle it.
  const judgeEarlier = async (threadId: string): Promise<void> => {
    if (store.lanes.get(threadId)?.activeTurnId !== null) return
    const earlier = store.deliveries.unsettled(threadId)
    if (earlier.some(({ state }) => state === 'submitting')) await reconcile(threadId)
  }

  return {
    submit: async (message) => {
      const known = store.deliveries.get(message.id)
      if (known) {
        refuseOther(known, message)
        return known
      }
      refuseDraining()
      await judgeEarlier(message.threadId)
      const lane = store.lanes.get(message.threadId)
      if (!lane) throw new DispatchError('not_found', 'The lane is gone.')
      refuse(lane)
      await loading.load(connected(), lane)
      ingest.drain()
      const current = store.lanes.get(message.threadId) ?? lane
      refuse(current)
      const client = connected()
      const row = newRow(message, current)
      events.commit((tx) => deliveries.submitting(tx, row), { durable: true })
      await start(client, current, row)
      return store.deliveries.get(row.id) ?? row
    },
  }

  function refuse(lane: LaneRow): void {
    const refusal = decideSend(lane, store.deliveries.unsettled(lane.threadId))
    if (!refusal) return
    throw new DispatchError(refusal.code, refusal.message, {
      ...(refusal.hint ? { hint: refusal.hint } : {}),
      details: { lane: { ref: lane.ref, id: lane.threadId, handle: lane.handle } },
    })
  }
}

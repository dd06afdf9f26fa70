// Asks Codex for the turn of a message that is `submitting` on disk, and writes what came of it. Runs
// inside the lane's worker.
import type { CodexClient } from '@dispatch/codex-client'
import type { DispatchError, TurnSettings } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError, isRefusal } from '../codex/codex-failure.ts'
import { settingsToTurn } from '../codex/translate-settings.ts'
import type { EventLog } from '../events/event-log.ts'
import { laneToSettings, type ToldSettings } from '../lanes/lane-force.ts'
import type { DeliveryWriter } from './delivery-writer.ts'

/** What it needs. */
export type TurnStartOptions = {
  store: Store
  clock: Clock
  events: EventLog
  deliveries: DeliveryWriter
  touched: (threadIds: Iterable<string>) => void
  /** Judges messages of the lane whose acceptance nobody saw. */
  reconcile: (threadId: string) => Promise<void>
}

/** Starts the turn of a message. Throws a refusal of Codex; then the delivery has failed. */
export type TurnStart = (client: CodexClient, lane: LaneRow, row: DeliveryRow) => Promise<void>

// After an override Codex keeps it for all later turns, so from then on what was in force before is
// sent explicitly.
const turnSettings = (store: Store, lane: LaneRow, overrides: TurnSettings): ToldSettings => {
  const overridden = store.deliveries.overriddenFields(lane.threadId)
  const told = new Set<keyof ToldSettings>([...lane.unset, ...overridden])
  return { ...laneToSettings(lane, told), ...overrides }
}

/** Makes the starting of turns. */
export const makeTurnStart = (options: TurnStartOptions): TurnStart => {
  const { store, clock, events, deliveries, touched, reconcile } = options

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

  return async (client, lane, row) => {
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
      const judgement = { state: 'failed', turnId: null, failure: failure.message } as const
      try {
        events.commit((tx) => deliveries.settle(tx, row.id, judgement))
        touched([row.threadId])
      } catch {
        // Where it cannot be written, history judges it when it can be.
        await reconcile(lane.threadId)
      }
      throw failure
    }
  }
}

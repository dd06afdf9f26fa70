// Gives a lane context: an item that the model sees from the next turn on, and no turn. Accepted when
// Codex has answered and its line stands in the rollout. Runs inside the lane's worker.
import type { CodexClient } from '@dispatch/codex-client'
import type { DispatchError } from '@dispatch/contract'
import type { DeliveryRow, LaneRow } from '@dispatch/store'
import { codexFailureToError, isRefusal } from '../codex/codex-failure.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Judgement } from './decide.ts'
import type { DeliveryWriter } from './delivery-writer.ts'
import { contextItemId, isContextInRollout } from './evidence.ts'

/** What it needs. */
export type InjectionOptions = {
  events: EventLog
  deliveries: DeliveryWriter
  touched: (threadIds: Iterable<string>) => void
  /** Judges messages of the lane whose acceptance nobody saw. */
  reconcile: (threadId: string) => Promise<void>
}

/** Hands a context message over that is `submitting` on disk. Throws a refusal of Codex; then it has failed. */
export type Injection = (client: CodexClient, lane: LaneRow, row: DeliveryRow) => Promise<void>

/** Makes the injection of context. */
export const makeInjection = (options: InjectionOptions): Injection => {
  const { events, deliveries, touched, reconcile } = options

  const settle = (row: DeliveryRow, judgement: Judgement): void => {
    events.commit((tx) => deliveries.settle(tx, row.id, judgement))
    touched([row.threadId])
  }

  return async (client, lane, row) => {
    const { threadId, text } = row
    const content = [{ type: 'input_text', text }]
    const item = { type: 'message', role: 'user', id: contextItemId(row), content }
    try {
      await client.request('thread/inject_items', { threadId, items: [item] })
    } catch (error) {
      if (!isRefusal(error)) return await reconcile(threadId)
      const failure = codexFailureToError(error) as DispatchError
      try {
        settle(row, { state: 'failed', turnId: null, failure: failure.message })
      } catch {
        // Where it cannot be written, the rollout judges it when it can be.
        await reconcile(threadId)
      }
      throw failure
    }
    // Of an ephemeral lane there is no rollout.
    if (!lane.ephemeral && !(await isContextInRollout(lane, row))) return await reconcile(threadId)
    settle(row, { state: 'accepted', turnId: null, failure: null })
  }
}

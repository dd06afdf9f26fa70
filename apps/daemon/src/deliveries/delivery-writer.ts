// Moves deliveries from state to state, each together with its event.
import type { DeliveryOutcome } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Fact } from '../codex/fact.ts'
import type { EventTx } from '../events/event-log.ts'
import type { Judgement } from './decide.ts'

/** Writes deliveries. */
export type DeliveryWriter = {
  submitting(tx: EventTx, row: DeliveryRow): void
  settle(tx: EventTx, row: DeliveryRow, judgement: Judgement): void
  /** What a fact about the lane means for its deliveries. */
  onFact(tx: EventTx, lane: LaneRow, fact: Fact): void
}

/** A user message that is durable in Codex, by our id. */
type UserMessage = { id: string; turnId: string }

const eventOf = {
  accepted: 'delivery.accepted',
  failed: 'delivery.failed',
  ambiguous: 'delivery.ambiguous',
} as const

const isSettleable = (state: string): state is keyof typeof eventOf => Object.hasOwn(eventOf, state)

/** Makes the writer. */
export const makeDeliveryWriter = (options: { store: Store; clock: Clock }): DeliveryWriter => {
  const { store, clock } = options

  const settle: DeliveryWriter['settle'] = (tx, row, { state, turnId, failure }) => {
    if (!isSettleable(state)) return
    const { id, threadId } = row
    const at = clock.now()
    const landedIn = turnId ?? row.turnId
    const turn = landedIn === null ? null : store.turns.get(threadId, landedIn)
    const ended = turn && turn.status !== 'started' ? turn.status : null
    // Judged without a turn: nothing runs, so whatever began with the message was cut.
    const outcome = landedIn === null ? 'interrupted' : (ended ?? 'running')
    store.deliveries.update(id, {
      state,
      failure,
      turnId: landedIn,
      ...(state === 'accepted' ? { acceptedAt: at, outcome } : {}),
      ...(state === 'failed' || ended ? { completedAt: at } : {}),
    })
    if (turn && state === 'accepted') {
      store.turns.upsert({ ...turn, deliveryId: turn.deliveryId ?? id })
    }
    const data = { deliveryId: id, turnId: landedIn, failure }
    tx.append({ threadId, type: eventOf[state], key: id, data })
  }

  const accept = (tx: EventTx, lane: LaneRow, message: UserMessage): void => {
    const { id, turnId } = message
    const row = store.deliveries.get(id)
    if (row?.threadId !== lane.threadId) return
    if (row.state !== 'submitting' && row.state !== 'ambiguous') return
    settle(tx, row, { state: 'accepted', turnId, failure: null })
  }

  const endTurn = (lane: LaneRow, turnId: string, outcome: DeliveryOutcome): void => {
    for (const row of store.deliveries.ofTurn(lane.threadId, turnId)) {
      if (row.outcome === 'running' || row.outcome === null) {
        store.deliveries.update(row.id, { outcome, completedAt: clock.now() })
      }
    }
  }

  return {
    settle,
    submitting: (tx, row) => {
      store.deliveries.insert(row)
      tx.append({
        threadId: row.threadId,
        type: 'delivery.submitting',
        key: row.id,
        data: { deliveryId: row.id, mode: row.mode, textLength: row.textLength },
      })
    },
    onFact: (tx, lane, fact) => {
      if (
        fact.kind === 'item-completed' &&
        fact.item.type === 'userMessage' &&
        fact.item.clientId
      ) {
        accept(tx, lane, { id: fact.item.clientId, turnId: fact.turnId })
      }
      if (fact.kind === 'turn-ended') {
        const status = fact.turn.status === 'started' ? 'interrupted' : fact.turn.status
        endTurn(lane, fact.turn.id, status)
      }
    },
  }
}

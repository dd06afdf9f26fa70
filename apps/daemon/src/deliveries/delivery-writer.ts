// Moves deliveries from state to state, each together with its event.
import type { DeliveryMode } from '@dispatch/contract'
import type { DeliveryHead, DeliveryRow, LaneRow, Store, TurnRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Fact, TurnFact } from '../codex/fact.ts'
import type { EventTx } from '../events/event-log.ts'
import { isUndecided, type Judgement } from './decide.ts'
import { isHealing, rowToRetry, rowToWaiting, type RetryLimits } from './retries.ts'
import type { Departure } from './message.ts'
import { isPaused } from './pause.ts'
import { msToIso } from '../clock/instant.ts'

/** Writes deliveries. */
export type DeliveryWriter = {
  /** A new delivery that is on its way at once. */
  submitting(tx: EventTx, row: DeliveryRow): void
  /** A new delivery at the end of its lane's queue, or at its front. */
  queued(tx: EventTx, row: DeliveryRow, place?: 'first' | 'last'): void
  /** A person does not want it any more: what waits is cancelled, what nobody can judge is discarded. */
  takenBack(tx: EventTx, row: DeliveryRow, state: 'cancelled' | 'discarded'): void
  /** One that waited is on its way. */
  departed(tx: EventTx, row: DeliveryHead, departure: Departure): void
  /** It came to that end. What has come to one meanwhile, by a person or by what Codex told, is let be. */
  settle(tx: EventTx, id: string, judgement: Judgement): void
  /** One whose acceptance nobody saw turned out so, where it still is one. A message of a queue, or of a trigger, that Codex never had waits again. */
  judged(tx: EventTx, id: string, judgement: Judgement): void
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

// What waits behind it may build on it: a person looks first, as after a turn that failed.
const holdsWhenFailed: ReadonlySet<DeliveryMode> = new Set(['queue', 'interject'])

// A lane that may be gone has no queue, and one that was made for its message is put away without it.
const isToGoAgain = ({ ephemeral, callId }: LaneRow, { id }: DeliveryRow): boolean =>
  !ephemeral && callId !== id

// One that waits again leaves again: each time is an event of its own.
const keyOf = ({ id, attempt }: Pick<DeliveryRow, 'id' | 'attempt'>): string =>
  attempt === 0 ? id : `${id}/${attempt}`

const isUnsettled = (row: Pick<DeliveryRow, 'state'>): boolean =>
  isUndecided(row) || row.state === 'queued'

const isSettleable = (state: string): state is keyof typeof eventOf => Object.hasOwn(eventOf, state)

/** Makes the writer. `settled`: a message of that lane has come to its end, in the commit that runs. */
export const makeDeliveryWriter = (options: {
  store: Store
  clock: Clock
  settled?: (threadId: string) => void
  /** How a message is tried again by itself, asked each time; absent: never. */
  retry?: () => RetryLimits
}): DeliveryWriter => {
  const { store, clock } = options

  const onItsWay = (tx: EventTx, row: DeliveryHead): void => {
    const { id, threadId, mode, textLength } = row
    const data = { deliveryId: id, mode, textLength }
    tx.append({ threadId, type: 'delivery.submitting', key: keyOf(row), data })
  }

  const isWaiting = (
    tx: EventTx,
    row: Pick<DeliveryRow, 'id' | 'threadId' | 'mode' | 'textLength' | 'attempt' | 'retryOf'>,
    notBefore: number | null,
  ): void => {
    const { id, threadId, mode, textLength, retryOf } = row
    const data = {
      deliveryId: id,
      mode,
      textLength,
      ...(retryOf === null ? {} : { retryOf }),
      ...(notBefore === null ? {} : { nextAttemptAt: msToIso(notBefore) }),
    }
    tx.append({ threadId, type: 'delivery.queued', key: keyOf(row), data })
  }

  const enqueued = (tx: EventTx, row: DeliveryRow, place: 'first' | 'last'): void => {
    if (place === 'first') store.deliveries.enqueueFirst(row)
    else store.deliveries.enqueue(row)
    isWaiting(tx, row, row.notBefore)
  }

  // A turn that it landed in is known; without one nothing runs, so whatever began with it was cut.
  const outcomeOf = (mode: DeliveryMode, turn: TurnRow | null, landedIn: string | null) => {
    if (mode === 'context') return null
    if (landedIn === null) return 'interrupted'
    return turn && turn.status !== 'started' ? turn.status : 'running'
  }

  const settle: DeliveryWriter['settle'] = (tx, id, { state, turnId, failure }) => {
    const row = store.deliveries.get(id)
    if (!row || !isUnsettled(row) || !isSettleable(state)) return
    const { threadId, mode } = row
    const at = clock.now()
    const landedIn = turnId ?? row.turnId
    const turn = landedIn === null ? null : store.turns.get(threadId, landedIn)
    const outcome = outcomeOf(mode, turn, landedIn)
    const isOver = state === 'failed' || (state === 'accepted' && outcome !== 'running')
    store.deliveries.update(id, {
      state,
      failure,
      // What Codex never had is part of no turn.
      turnId: state === 'failed' ? null : landedIn,
      ...(state === 'accepted' ? { acceptedAt: at, outcome } : {}),
      // It may have to be said again when its turn fails.
      ...(state === 'accepted' && mode === 'queue' && outcome === 'running'
        ? { text: row.text }
        : {}),
      ...(state === 'accepted' && mode === 'steer' ? { landed: 'steered' as const } : {}),
      ...(isOver ? { completedAt: at } : {}),
    })
    if (turn && state === 'accepted' && mode !== 'steer') {
      store.turns.upsert({ ...turn, deliveryId: turn.deliveryId ?? id })
    }
    if (state === 'failed' && holdsWhenFailed.has(mode)) {
      const lane = store.lanes.get(threadId)
      const why = lane && isPaused(lane) ? 'person' : 'undelivered'
      store.lanes.update(threadId, { held: true, heldFor: why, updatedAt: at })
    }
    const data = { deliveryId: id, turnId: landedIn, failure }
    tx.append({ threadId, type: eventOf[state], key: keyOf(row), data })
    options.settled?.(threadId)
  }

  const judged: DeliveryWriter['judged'] = (tx, id, judgement) => {
    const row = store.deliveries.get(id)
    if (!row || !isUndecided(row)) return
    const limits = options.retry?.()
    const lane = store.lanes.get(row.threadId)
    const mayWait = lane?.archivedAt === null && (row.mode === 'queue' || isToGoAgain(lane, row))
    const isAbsent = judgement.state === 'failed' && mayWait && limits !== undefined
    const waiting = isAbsent ? rowToWaiting(row, limits, clock.now()) : null
    if (!waiting) return settle(tx, id, judgement)
    store.deliveries.putBack(row, waiting)
    const { mode, attempt = row.attempt, notBefore = null } = waiting
    isWaiting(tx, { ...row, mode, attempt }, notBefore)
    options.settled?.(row.threadId)
  }

  const accept = (tx: EventTx, lane: LaneRow, message: UserMessage): void => {
    const { id, turnId } = message
    const row = store.deliveries.get(id)
    if (row?.threadId !== lane.threadId) return
    // What waits again has left before: Codex had it after all, and it does not leave once more.
    if (!isUndecided(row) && !(row.state === 'queued' && row.attempt > 0)) return
    settle(tx, id, { state: 'accepted', turnId, failure: null })
  }

  const tryAgain = (tx: EventTx, lane: LaneRow, row: DeliveryRow): void => {
    const limits = options.retry?.()
    const again = limits && rowToRetry(row, limits, clock.now())
    if (!again) return
    enqueued(tx, again, 'first')
    // The turn that failed has held the lane; a person's pause stays.
    if (!isPaused(lane)) store.lanes.update(lane.threadId, { held: false })
  }

  const endTurn = (tx: EventTx, lane: LaneRow, turn: TurnFact): void => {
    const outcome = turn.status === 'started' ? 'interrupted' : turn.status
    // An end that was judged gives way to the one that Codex tells.
    const recorded = store.turns.get(lane.threadId, turn.id)?.status
    const isOpen = (known: DeliveryRow['outcome']): boolean =>
      known === 'running' || (known === 'interrupted' && outcome !== known && outcome === recorded)
    for (const row of store.deliveries.ofTurn(lane.threadId, turn.id)) {
      // What is still on its way is judged when the turn has ended.
      if (row.state !== 'accepted' || !isOpen(row.outcome)) continue
      store.deliveries.update(row.id, { outcome, completedAt: clock.now(), text: '' })
      // Of one that was judged already the text is gone.
      const isFirstEnd = row.outcome === 'running'
      if (isFirstEnd && outcome === 'failed' && isHealing(turn.error)) tryAgain(tx, lane, row)
    }
  }

  return {
    settle,
    judged,
    submitting: (tx, row) => {
      store.deliveries.insert(row)
      onItsWay(tx, row)
    },
    queued: (tx, row, place = 'last') => enqueued(tx, row, place),
    takenBack: (tx, { id, threadId, mode }, state) => {
      store.deliveries.update(id, { state, text: '', completedAt: clock.now() })
      const data = { deliveryId: id, mode }
      tx.append({ threadId, type: `delivery.${state}`, key: id, data })
      options.settled?.(threadId)
    },
    departed: (tx, row, departure) => {
      store.deliveries.update(row.id, { state: 'submitting', ...departure })
      onItsWay(tx, row)
    },
    onFact: (tx, lane, fact) => {
      if (
        fact.kind === 'item-completed' &&
        fact.item.type === 'userMessage' &&
        fact.item.clientId
      ) {
        accept(tx, lane, { id: fact.item.clientId, turnId: fact.turnId })
      }
      // A restored lane starts no turn by itself.
      if (fact.kind === 'archived' && store.deliveries.queue(lane.threadId).length > 0) {
        store.lanes.update(lane.threadId, { held: true, heldFor: 'archived' })
      }
      if (fact.kind === 'turn-ended') {
        endTurn(tx, lane, fact.turn)
      }
    },
  }
}

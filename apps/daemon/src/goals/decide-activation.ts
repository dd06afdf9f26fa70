// Whether a goal that dispatch has paused is activated again now: pure.
import type { GoalPause } from '@dispatch/contract'
import type { DeliveryRow, TurnRow } from '@dispatch/store'

/** What is looked at. */
export type ActivationState = {
  pausedFor: GoalPause
  isArchived: boolean
  /** The turn that runs, or null; without a start while Codex has not told of it. */
  turn: Pick<TurnRow, 'startedAt'> | null
  /** Deliveries of the lane that are not settled. */
  waiting: readonly Pick<DeliveryRow, 'state' | 'id'>[]
  /** The message of the call that made the lane, or null where there was none. */
  first: Pick<DeliveryRow, 'state' | 'id'> | null
  /** Whether the lane has had a turn: with its goal paused that is one of a message, whoever sent it. */
  hasBegun: boolean
}

/** `wait`: not yet, it is asked again. `forget`: never, it stays paused. */
export type Activation = 'activate' | 'wait' | 'forget'

/** Decides it. */
export const decideActivation = (state: ActivationState): Activation => {
  const { pausedFor, isArchived, turn, waiting, first, hasBegun } = state
  if (isArchived) return 'forget'
  // Only a daemon that has joined Codex anew ends it.
  if (pausedFor === 'down') return 'wait'
  if (pausedFor === 'new' && !hasBegun) {
    // Its sender may still come back with it, or another come before.
    if (first === null) return 'wait'
    if (first.state === 'failed' || first.state === 'cancelled' || first.state === 'discarded')
      return 'forget'
  }
  // A goal that is activated before the turn of the message has started would begin its own.
  if (turn !== null && turn.startedAt === null) return 'wait'
  if (waiting.some(({ state: how }) => how === 'queued')) return 'wait'
  const isOnItsWay = waiting.some(({ state: how }) => how === 'submitting')
  return isOnItsWay && turn === null ? 'wait' : 'activate'
}

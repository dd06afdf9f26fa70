// Whose turn it is, and what an active goal keeps from being done: pure over the registry.
import { DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'

/** Whether the turn that runs is one that Codex began for the lane's goal: nobody sent it anything. */
export const isGoalTurn = (store: Store, { threadId, activeTurnId }: LaneRow): boolean => {
  if (activeTurnId === null || store.goals.get(threadId) === null) return false
  const isSent =
    store.turns.get(threadId, activeTurnId)?.deliveryId != null ||
    store.deliveries.ofTurn(threadId, activeTurnId).length > 0 ||
    store.deliveries.unsettled(threadId).some(({ state }) => state === 'submitting')
  return !isSent && store.items.lastOfTurn(threadId, activeTurnId, 'userMessage') === null
}

/** Whether Codex works at the lane's goal by itself, or will when what it is paused for is over. One that waits for a first message may wait for good. */
export const isGoalOpen = (store: Store, threadId: string): boolean => {
  const goal = store.goals.get(threadId)
  if (goal === null) return false
  return goal.status === 'active' || goal.pausedFor === 'message' || goal.pausedFor === 'down'
}

/** Between two turns of its goal a lane only looks idle; null where nothing is in the way. */
export const openGoalRefusalOf = (
  store: Store,
  lane: LaneRow,
  then: string,
): DispatchError | null =>
  isGoalOpen(store, lane.threadId)
    ? new DispatchError(
        'lane_busy',
        `${lane.handle} has an active goal: Codex starts turns for it by itself.`,
        {
          hint: `dispatch stop ${lane.ref} pauses it; then ${then}`,
          details: { lane: { ref: lane.ref, id: lane.threadId, handle: lane.handle } },
        },
      )
    : null

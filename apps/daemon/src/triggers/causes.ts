// What led to a turn, and whether a lane has seen anything since a trigger's own: read from receipts
// and occurrences, so that it holds across restarts.
import type { DeliveryHead, LaneRow, Store, TriggerRow, TriggerRunRow } from '@dispatch/store'

/** The message that a retry of a message goes back to. */
export const originOf = (store: Store, id: string): string => {
  const seen = new Set<string>()
  let at = id
  for (;;) {
    const before = store.deliveries.get(at)?.retryOf
    if (before == null || seen.has(before)) return at
    seen.add(before)
    at = before
  }
}

/** The occurrence that a delivery is of, or null. */
const runOf = (store: Store, deliveryId: string): TriggerRunRow | null =>
  store.triggerRuns.get(originOf(store, deliveryId))

/** The triggers whose messages are part of a turn, with those that led to them; empty for a turn of other hands. */
export const causesOf = (store: Store, laneId: string, turnId: string | null): string[] => {
  if (turnId === null) return []
  const messages = store.deliveries.ofTurn(laneId, turnId).map(({ id }) => originOf(store, id))
  return [...new Set(messages.flatMap((id) => store.triggerRuns.chainTo(id)))]
}

/** The newest message that arrived, or is about to: however many came behind it that did not. */
const newestOf = (store: Store, threadId: string): DeliveryHead | null => {
  const [arrived] = store.deliveries.list({ threadId, state: 'accepted', limit: 1, before: null })
  const coming = store.deliveries.unsettled(threadId).find(({ state }) => state === 'submitting')
  if (!coming || !arrived) return coming ?? arrived ?? null
  return coming.createdAt < arrived.createdAt ? arrived : coming
}

/** Whether the lane has seen nothing since the last message of that trigger: no other one, and no other turn. */
export const isNothingNew = (store: Store, { id }: TriggerRow, lane: LaneRow): boolean => {
  const newest = newestOf(store, lane.threadId)
  const run = newest ? runOf(store, newest.id) : null
  if (!newest || run?.triggerId !== id) return false
  return lane.latestTurnId === (newest.turnId ?? run.seenTurnId)
}

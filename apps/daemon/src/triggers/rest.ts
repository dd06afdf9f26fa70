// The rest of a lane: since when nothing has run on it, and what makes one stretch of rest another one.
// Context has no turn, so a brief ends none.
import type { DeliveryHead, LaneRow, Store, TriggerRow } from '@dispatch/store'

/** A stretch of rest. */
export type Stretch = {
  /** Epoch ms. */
  since: number
  /** What makes it the only one. */
  key: string
}

/** Whether something runs on the lane, or is about to. */
export const isLaneBusy = (lane: LaneRow, unsettled: readonly DeliveryHead[]): boolean => {
  if (lane.activeTurnId !== null || lane.status === 'waiting_approval') return true
  return unsettled.some(
    ({ state, mode }) =>
      (state === 'submitting' && mode !== 'context') || (state === 'queued' && !lane.held),
  )
}

/** The stretch that the lane is in, or null where it does not rest. */
const stretchOf = (store: Store, lane: LaneRow): Stretch | null => {
  const { threadId, archivedAt, latestTurnId, createdAt } = lane
  if (archivedAt !== null || isLaneBusy(lane, store.deliveries.unsettled(threadId))) return null
  const turn = latestTurnId === null ? null : store.turns.get(threadId, latestTurnId)
  const since = Math.max(turn?.completedAt ?? turn?.startedAt ?? createdAt, createdAt)
  return { since, key: `idle:${latestTurnId ?? 'none'}:${since}` }
}

/**
 * When an idle trigger fires in the stretch that its lane is in; null where it rests not, or it has
 * fired in it. A stretch that began in time to come was begun by a clock that was ahead: it counts from
 * when that was found out.
 */
export const restOf = (
  store: Store,
  trigger: TriggerRow,
  now: number,
): { at: number; key: string } | null => {
  const lane = trigger.sourceId === null ? null : store.lanes.get(trigger.sourceId)
  const stretch = lane ? stretchOf(store, lane) : null
  if (!stretch || store.triggerRuns.byKey(trigger.id, stretch.key)) return null
  const { since, key } = stretch
  const everyMs = trigger.spec.everyMs ?? 0
  if (since <= now) return { at: since + everyMs, key }
  return { at: Math.min(now + everyMs, trigger.scheduledAt ?? Infinity), key }
}

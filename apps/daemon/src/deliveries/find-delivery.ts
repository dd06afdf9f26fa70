// Finds the delivery that an id, or the beginning of one, names; and says where one is that is not
// where an op needs it.
import { DispatchError } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import { byShortId, shortIdToAdvice } from '../short-id.ts'

const queueOf = ({ ref }: LaneRow): string => `dispatch queue list ${ref}`

const notFound = (store: Store, id: string, hintOf: (lane: LaneRow) => string): DispatchError => {
  const lane = store.lanes.get(id) ?? store.lanes.byRef(id) ?? store.lanes.byLiveHandle(id)
  return new DispatchError(
    'not_found',
    lane
      ? `${lane.handle} is a lane and no delivery.`
      : `There is no delivery ${id}${shortIdToAdvice(id)}.`,
    {
      hint: lane ? hintOf(lane) : 'dispatch delivery list',
      details: { id },
    },
  )
}

/** The delivery, or null where none is named so; throws `validation` where more than one is. */
export const lookForDelivery = (store: Store, given: string): DeliveryRow | null =>
  byShortId(given, {
    what: 'delivery',
    exact: (id) => store.deliveries.get(id),
    begins: (prefix, limit) => store.deliveries.byIdPrefix(prefix, limit),
    about: ({ id, state, threadId }) => ({
      id,
      state,
      lane: store.lanes.get(threadId)?.handle ?? threadId,
    }),
    list: 'dispatch delivery list',
  })

/** The delivery; throws `not_found`, with what to do about a lane where that is named. */
export const findDelivery = (store: Store, id: string, hintOf = queueOf): DeliveryRow => {
  const row = lookForDelivery(store, id)
  if (!row) throw notFound(store, id, hintOf)
  return row
}

const places: Record<DeliveryRow['state'], (row: DeliveryRow) => string> = {
  queued: () => 'waits for its turn',
  submitting: () => 'is on its way to Codex',
  accepted: ({ turnId }) => `is in Codex already${turnId === null ? '' : `, in turn ${turnId}`}`,
  failed: () => 'has failed',
  ambiguous: () => 'may be in Codex: nothing can tell',
  cancelled: () => 'was cancelled',
  discarded: () => 'was discarded',
}

/** The refusal of an op on a delivery that is somewhere else by now. */
export const elsewhereError = (row: DeliveryRow, hint?: string): DispatchError =>
  new DispatchError('conflict', `Message ${row.id} ${places[row.state](row)}.`, {
    hint: hint ?? `dispatch delivery get ${row.id}`,
    details: { delivery: { id: row.id, laneId: row.threadId, state: row.state } },
  })

/** The message, where it still waits; throws `not_found`, or `conflict` that says where it is. */
export const findWaiting = (store: Store, id: string, hintOf = queueOf): DeliveryRow => {
  const row = findDelivery(store, id, hintOf)
  if (row.state !== 'queued') throw elsewhereError(row)
  return row
}

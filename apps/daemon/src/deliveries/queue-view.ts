// Queues and deliveries as every surface shows them.
import type { Delivery, QueueGetResult, QueueState } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import { rowToReceipt } from './receipt.ts'
import { msToIso } from '../clock/instant.ts'

const PREVIEW = 80
// Enough for so many characters of two units each, and what blanks melt into one.
const PREVIEW_UNITS = 1_000

/** The beginning of a text on one line. */
const textToPreview = (text: string): string => {
  const line = text
    .slice(0, PREVIEW_UNITS)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  if (characters.length <= PREVIEW && text.length <= PREVIEW_UNITS) return line
  return `${characters.slice(0, PREVIEW - 1).join('')}…`
}

/** Why the lane holds what waits for it, or null. */
const holdOf = (lane: LaneRow): QueueState['hold'] => {
  if (!lane.held) return null
  // A registry from before reasons were kept.
  return lane.heldFor ?? (lane.status === 'error' ? 'failed' : 'stopped')
}

const holdDetailOf = (store: Store, lane: LaneRow): string | null => {
  if (holdOf(lane) !== 'failed' || lane.latestTurnId === null) return null
  return store.turns.get(lane.threadId, lane.latestTurnId)?.error?.message ?? null
}

/** How the queue of a lane stands. */
export const laneToQueue = (store: Store, lane: LaneRow): QueueState => {
  const queue = store.deliveries.queue(lane.threadId)
  const [head] = queue
  const notBefore = head?.notBefore ?? null
  return {
    count: queue.length,
    head: head?.id ?? null,
    held: lane.held,
    hold: holdOf(lane),
    holdDetail: holdDetailOf(store, lane),
    nextAttemptAt: msToIso(notBefore),
  }
}

/** A receipt with its lane. */
export const rowToRecord = (
  store: Store,
  row: DeliveryRow,
): Delivery & { ref: string; handle: string } => {
  const lane = store.lanes.get(row.threadId)
  return { ...rowToReceipt(row), ref: lane?.ref ?? '', handle: lane?.handle ?? '' }
}

/** A message of the lane's queue; `position` from 1 on, or null for one that does not wait. */
export const rowToQueued = (
  row: DeliveryRow,
  lane: LaneRow,
  { position, now }: { position: number | null; now: number },
) => ({
  ...rowToReceipt(row),
  ref: lane.ref,
  handle: lane.handle,
  position,
  preview: textToPreview(row.text),
  ageSeconds: Math.max(0, Math.round((now - row.createdAt) / 1_000)),
  attempt: row.attempt,
  hold: position !== null && row.mode === 'queue' ? holdOf(lane) : null,
})

/** The same with its text. */
export const rowToQueueDetail = (store: Store, row: DeliveryRow, now: number): QueueGetResult => {
  const lane = store.lanes.get(row.threadId)
  if (!lane) throw new Error(`delivery ${row.id} has no lane`)
  const index = store.deliveries.queue(row.threadId).findIndex(({ id }) => id === row.id)
  const position = index < 0 ? null : index + 1
  const { text, overrides } = row
  return { ...rowToQueued(row, lane, { position, now }), text, overrides }
}

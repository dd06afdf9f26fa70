// A delivery row as its receipt.
import type { Delivery } from '@dispatch/contract'
import type { DeliveryHead } from '@dispatch/store'
import { msToIso } from '../clock/instant.ts'

/** The receipt of a delivery; the text is not in it. */
export const rowToReceipt = (row: DeliveryHead): Delivery => ({
  id: row.id,
  laneId: row.threadId,
  mode: row.mode,
  state: row.state,
  outcome: row.outcome,
  turnId: row.turnId,
  landed: row.landed,
  textLength: row.textLength,
  createdAt: msToIso(row.createdAt),
  acceptedAt: msToIso(row.acceptedAt),
  retryOf: row.retryOf,
  nextAttemptAt: row.state === 'queued' ? msToIso(row.notBefore) : null,
  failure: row.failure,
})

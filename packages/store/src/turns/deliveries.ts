// The deliveries of the registry.
import type { DeliveryState } from '@dispatch/contract'
import type { DeliveryPatch, DeliveryRow } from './delivery-row.ts'

/** Repository of the deliveries. */
export type Deliveries = {
  /** Throws `UniqueError` when the id is taken. */
  insert(row: DeliveryRow): void
  /** Whether there was such a delivery. `state: 'accepted'` clears the text. */
  update(id: string, patch: DeliveryPatch): boolean
  get(id: string): DeliveryRow | null
  /** The delivery whose message started (or was steered into) that turn; the oldest of several. */
  byTurn(threadId: string, turnId: string): DeliveryRow | null
  /** `queued`, `submitting` and `ambiguous`, oldest first; of one lane or of all. */
  unsettled(threadId?: string): DeliveryRow[]
  /** Unsettled deliveries by state. */
  counts(): Record<Extract<DeliveryState, 'queued' | 'submitting' | 'ambiguous'>, number>
}

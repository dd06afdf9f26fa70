// A turn as the registry keeps it.
import type { TurnError, TurnStatus } from '@dispatch/contract'

/** One row of `turns`; times in epoch ms. */
export type TurnRow = {
  threadId: string
  id: string
  status: TurnStatus
  startedAt: number | null
  completedAt: number | null
  durationMs: number | null
  error: TurnError | null
  errorAt: number | null
  /** Why it was interrupted where nobody stopped it. */
  reason: string | null
  deliveryId: string | null
}

/** A turn's key, its status, and whatever else is known of it; what is absent stays as it was. */
export type TurnUpsert = Pick<TurnRow, 'threadId' | 'id' | 'status'> & Partial<TurnRow>

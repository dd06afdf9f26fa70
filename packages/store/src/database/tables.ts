// The tables as Kysely sees them. A column has the name of its field; a flag is an integer, and what
// is neither text nor number is JSON text.
import type { AuditEntry } from '../audit-row.ts'
import type { Epoch, EventRow } from '../events/event-row.ts'
import type { CreationRow } from '../lanes/creation-row.ts'
import type { GoalRow } from '../goals/goal-row.ts'
import type { LaneRow } from '../lanes/lane-row.ts'
import type { RequestRow } from '../requests/request-row.ts'
import type { SyncRow } from '../sessions/sync-row.ts'
import type { IdempotencyKeyRow } from '../turns/idempotency-key-row.ts'
import type { DeliveryRow } from '../turns/delivery-row.ts'
import type { ItemRow } from '../turns/item-row.ts'
import type { TurnRow } from '../turns/turn-row.ts'
import type { TriggerRow, TriggerRunRecord } from '../triggers/trigger-row.ts'

type Column<T> = T extends string | number | null ? T : T extends boolean ? number : string

/** A row as it stands in its table. */
export type Columns<Row> = { [Name in keyof Row]: Column<Row[Name]> }

/** Every table by name. */
export type Tables = {
  refs: { ref: string; threadId: string }
  lanes: Columns<LaneRow>
  attention: { threadId: string; urgency: number; createdAt: number }
  creations: Columns<CreationRow>
  deliveries: Columns<DeliveryRow>
  idempotencyKeys: IdempotencyKeyRow
  turns: Columns<TurnRow>
  items: Columns<ItemRow>
  goals: Columns<GoalRow>
  syncs: Columns<SyncRow>
  requests: Columns<RequestRow>
  triggers: Columns<TriggerRow>
  triggerRuns: Columns<TriggerRunRecord>
  leftLanes: { callId: string }
  leftCauses: { deliveryId: string; chain: string; createdAt: number }
  events: EventRow & { key: string | null }
  epochs: Epoch
  audit: Columns<AuditEntry>
  runtime: { key: string; value: string }
}

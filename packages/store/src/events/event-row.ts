// An event as the log keeps it.
import type { EventType } from '@dispatch/contract'

/** An event to append. */
export type EventAppend = {
  at: number
  threadId: string | null
  type: EventType
  /** Natural key within thread and type, e.g. `turnId/itemId`; null where the event has none. */
  key: string | null
  /** Plain JSON. */
  data: Record<string, unknown>
}

/** One row of `events`; `data` is JSON text, so that a page costs no parsing before it is wanted. */
export type EventRow = {
  seq: number
  at: number
  threadId: string | null
  type: EventType
  data: string
}

/** Which events to read. */
export type EventQuery = {
  afterSeq: number
  limit: number
  threadIds?: readonly string[] | null
  types?: readonly EventType[] | null
}

/** Rows in ascending order, and the position up to which the log was searched for them. */
export type EventPage = { rows: EventRow[]; throughSeq: number }

/** How much of the log to keep, and how many rows to delete at once. */
export type EventRetention = { olderThan: number; maxRows: number; slice: number }

/** One start of the daemon and the first sequence number that it could give. */
export type Epoch = { epoch: number; firstSeq: number }

/** A cursor as the log understands it. */
export type ResolvedCursor = {
  /** Read on after this one. */
  afterSeq: number
  /** The cursor names events that this log lost (or never had): what was seen beyond is void. */
  lost: boolean
}

// The event log's table and its epochs. Sequence numbers are dense: without a hole, from the bottom
// that retention left to the newest, which is never pruned.
import type {
  Epoch,
  EventAppend,
  EventPage,
  EventQuery,
  EventRetention,
  ResolvedCursor,
} from './event-row.ts'

/** Repository of the events. */
export type Events = {
  /** The sequence number, or null when an event of that thread, type and key is there already. */
  append(event: EventAppend): number | null
  /** At most `limit` rows after a position; `throughSeq` goes on even where the filter passed all by. */
  readAfter(query: EventQuery): EventPage
  /** The newest sequence number; 0 in an empty log. */
  lastSeq(): number
  /** The oldest one that is kept; `lastSeq() + 1` in an empty log. */
  firstSeq(): number
  /** Commits a new epoch durably; once at each start, outside a transaction. */
  beginEpoch(): Epoch
  /** The epoch of this start; throws before `beginEpoch`. */
  epoch(): Epoch
  /** Where a cursor points; null when it is none. `0` is the beginning of what there is. */
  resolve(cursor: string): ResolvedCursor | null
  /** Deletes one slice of what retention no longer keeps; the rows deleted, 0 when there is nothing left to do. */
  prune(retention: EventRetention): number
}

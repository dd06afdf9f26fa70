// What retention no longer keeps: old events, old rows of the audit trail, requests that ended, old
// occurrences of triggers, receipts of messages that led to no turn, calls that made no lane, keys of
// requests, and our copy of what was said in lanes that were archived long ago. What was said in live
// lanes is kept for as long as they are. Deleted in slices, so that nobody waits; the space is given
// back by `shrink`.
import type { Database } from 'better-sqlite3'
import { sql as raw } from 'kysely'
import type { Audit } from '../audit.ts'
import type { Connection } from '../database/connection.ts'
import { withStoreErrors } from '../database/fault.ts'
import type { Requests } from '../requests/requests.ts'
import type { Events } from '../events/events.ts'
import type { IdempotencyKeys } from '../turns/idempotency-keys.ts'
import { FIRST_RUN, type RunPlace, type TriggerRuns } from '../triggers/trigger-runs.ts'

/** How much to keep; instants in epoch ms. */
export type Retention = {
  eventsOlderThan: number
  eventRows: number
  auditOlderThan: number
  /** Keys of requests that are kept at most. */
  keyRows: number
  /** Keys from then on are kept, however many there are. */
  keysFrom: number
  /** Lanes that were archived before that have no items any more. */
  archivedBefore: number
  /** Rows to delete of each kind at once. */
  slice: number
}

/** Rows deleted. */
export type Pruned = {
  events: number
  audit: number
  deliveries: number
  requests: number
  triggerRuns: number
  items: number
  calls: number
  keys: number
}

/** Care for the size of the registry. */
export type Upkeep = {
  /**
   * Deletes a slice with each step, in a transaction of its own, until there is nothing left to do. A slice
   * of which everything is kept is all zero.
   */
  prune(retention: Retention): Generator<Pruned, void>
  /** Gives free pages back to the disk; the bytes that the file lost. */
  shrink(): number
}

// Literals as in the partial index of what is unsettled: these states are settled.
const ledToNothing = raw<boolean>`state in ('failed', 'cancelled', 'discarded')`

type Pruning = {
  events: Events
  audit: Audit
  requests: Requests
  triggerRuns: TriggerRuns
  keys: IdempotencyKeys
}

/** The upkeep on a connection. */
export const makeUpkeep = (
  db: Database,
  { sql, statement, transaction }: Connection,
  { events, audit, requests, triggerRuns, keys }: Pruning,
): Upkeep => {
  const deleteReceipts = statement<{ olderThan: number; slice: number }>()((slot) =>
    sql
      .deleteFrom('deliveries')
      .where('id', 'in', (of) =>
        of
          .selectFrom('deliveries')
          .select('id')
          .where(ledToNothing)
          .where('turnId', 'is', null)
          .where('createdAt', '<', slot('olderThan'))
          .limit(slot('slice')),
      ),
  )
  // By the lane: few lanes are archived, and items are found by theirs.
  const deleteItems = statement<{ archivedBefore: number; slice: number }>()((slot) =>
    sql.deleteFrom('items').where(raw<number>`items.rowid`, 'in', (of) =>
      of
        .selectFrom('lanes')
        .innerJoin('items as old', 'old.threadId', 'lanes.threadId')
        .select(raw<number>`old.rowid`.as('rowid'))
        .where('lanes.archivedAt', '<', slot('archivedBefore'))
        .limit(slot('slice')),
    ),
  )
  const deleteCalls = statement<{ olderThan: number; slice: number }>()((slot) =>
    sql.deleteFrom('creations').where('callId', 'in', (of) =>
      of
        .selectFrom('creations')
        .select('callId')
        .where('state', '=', raw<'absent'>`'absent'`)
        .where('at', '<', slot('olderThan'))
        .limit(slot('slice')),
    ),
  )
  const size = (): number =>
    (db.pragma('page_count', { simple: true }) as number) *
    (db.pragma('page_size', { simple: true }) as number)

  const pruneSlice = (retention: Retention, after: RunPlace | null) => {
    const { eventsOlderThan, eventRows, archivedBefore, keyRows, keysFrom, slice } = retention
    const old = { olderThan: retention.auditOlderThan, slice }
    const { deleted, next } = triggerRuns.prune({ ...old, after })
    const pruned: Pruned = {
      events: events.prune({ olderThan: eventsOlderThan, maxRows: eventRows, slice }),
      audit: audit.prune(old),
      deliveries: deleteReceipts.run(old),
      requests: requests.prune(old),
      triggerRuns: deleted,
      items: deleteItems.run({ archivedBefore, slice }),
      calls: deleteCalls.run(old),
      keys: keys.prune({ ...old, maxRows: keyRows, keptFrom: keysFrom }),
    }
    return { pruned, next }
  }

  return {
    prune: function* (retention) {
      let after: RunPlace | null = FIRST_RUN
      for (;;) {
        const { pruned, next } = transaction(() => pruneSlice(retention, after))
        if (next === null && Object.values(pruned).every((rows) => rows === 0)) return
        yield pruned
        after = next
      }
    },
    shrink: () =>
      withStoreErrors(db.name, () => {
        const before = size()
        // As a query, not by exec: each step of it frees one page.
        db.pragma('incremental_vacuum')
        return before - size()
      }),
  }
}

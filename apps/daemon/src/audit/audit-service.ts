// daemon log: reads the audit trail, and follows it.
import {
  type AuditFollowInput,
  type AuditInput,
  type AuditResult,
  type AuditRow,
  type Call,
  DispatchError,
  type EventStream,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { type AuditFilter, makeAuditFilters } from './audit-filter.ts'
import type { Signal } from '../events/signal.ts'
import { msToIso } from '../clock/instant.ts'

type AuditServiceOptions = {
  store: Store
  appended: Signal
  resolve: (selector: string) => LaneRow
}

type Stored = ReturnType<Store['audit']['after']>[number]

const DEFAULT_LIMIT = 20
const PAGE = 500

const rowToAudit = (row: Stored): AuditRow => ({
  id: row.id,
  at: msToIso(row.at),
  op: row.op,
  actor: row.actor,
  laneId: row.threadId,
  ref: row.ref,
  outcome: row.outcome,
  detail: row.detail,
})

const cursorToId = (cursor: string): number => {
  if (/^\d+$/.test(cursor)) return Number(cursor)
  throw new DispatchError('validation', 'That is no cursor of the audit trail.')
}

const fits = (row: Stored, { threadId, op, outcome }: AuditFilter): boolean =>
  (threadId === null || row.threadId === threadId) &&
  (op === null || row.op === op) &&
  (outcome === null || row.outcome === outcome)

/** Reads the audit trail. */
export const makeAuditService = ({ store, appended, resolve }: AuditServiceOptions) => {
  const filterOf = makeAuditFilters({ store, resolve })

  const newest = (filter: AuditFilter, limit: number, sinceMs: number | null): Stored[] =>
    limit === 0 ? [] : store.audit.list({ ...filter, limit, sinceMs })

  return {
    log: (input: AuditInput): AuditResult => {
      const since = input.since === undefined ? null : Date.parse(input.since)
      const rows = newest(filterOf(input), input.limit ?? DEFAULT_LIMIT, since)
      return { entries: rows.map(rowToAudit) }
    },

    logFollow: async function* (input: AuditFollowInput, call: Call): EventStream<AuditRow> {
      const filter = filterOf(input)
      let last = call.after === null ? store.audit.lastId() : cursorToId(call.after)
      const past = call.after === null ? newest(filter, input.limit ?? DEFAULT_LIMIT, null) : []
      for (const row of past) yield { cursor: String(row.id), data: rowToAudit(row) }
      // Without a row of the past a lost connection would resume at a later now.
      if (call.after === null) yield { cursor: String(last), data: null }
      while (!call.signal.aborted) {
        const rows = store.audit.after(last, PAGE)
        for (const row of rows) {
          last = row.id
          if (fits(row, filter)) yield { cursor: String(row.id), data: rowToAudit(row) }
        }
        if (rows.length === 0) await appended.next(call.signal)
      }
    },
  }
}

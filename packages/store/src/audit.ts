// The audit trail.
import { makeCodec } from './database/codec.ts'
import type { Bindings, Connection } from './database/connection.ts'
import { makeVariants } from './database/variants.ts'
import type { AuditEntry, AuditQuery } from './audit-row.ts'

/** Repository of the audit trail. */
export type Audit = {
  append(entry: Omit<AuditEntry, 'id'>): AuditEntry
  /** The newest rows that fit, oldest first. */
  list(query: AuditQuery): AuditEntry[]
  /** Rows after that one, oldest first. */
  after(id: number, limit: number): AuditEntry[]
  /** Id of the newest row; 0 when there is none. */
  lastId(): number
  /** Deletes one slice of the rows older than that; rows deleted, 0 when done. */
  prune(retention: { olderThan: number; slice: number }): number
}

const codec = makeCodec<AuditEntry>({ json: ['detail'] })

type New = {
  at: number
  op: string
  threadId: string | null
  ref: string | null
  actor: string
  outcome: string
  detail: string
}
type ListSlots = { limit: number; threadId: string; op: string; outcome: string; since: number }
type ListShape = { thread: boolean; op: boolean; outcome: boolean; since: boolean }

/** The audit trail on a connection. */
export const makeAudit = ({ sql, statement }: Connection): Audit => {
  const all = sql.selectFrom('audit').selectAll()
  const append = statement<New>()((slot) =>
    sql
      .insertInto('audit')
      .values({
        at: slot('at'),
        op: slot('op'),
        threadId: slot('threadId'),
        ref: slot('ref'),
        actor: slot('actor'),
        outcome: slot('outcome'),
        detail: slot('detail'),
      } as never)
      .returning('id'),
  )
  const lists = makeVariants((shape: ListShape) =>
    statement<ListSlots>()((slot) => {
      let query = all.orderBy('id', 'desc').limit(slot('limit'))
      if (shape.thread) query = query.where('threadId', '=', slot('threadId'))
      if (shape.op) query = query.where('op', '=', slot('op'))
      if (shape.outcome) query = query.where('outcome', '=', slot('outcome'))
      if (shape.since) query = query.where('at', '>=', slot('since'))
      return query
    }),
  )
  const after = statement<{ id: number; limit: number }>()((slot) =>
    all.where('id', '>', slot('id')).orderBy('id').limit(slot('limit')),
  )
  const last = statement<Bindings>()(() =>
    sql.selectFrom('audit').select('id').orderBy('id', 'desc').limit(1),
  )
  const first = statement<Bindings>()(() =>
    sql.selectFrom('audit').select('id').orderBy('id').limit(1),
  )
  const firstKept = statement<{ olderThan: number }>()((slot) =>
    sql
      .selectFrom('audit')
      .select('id')
      .where('at', '>=', slot('olderThan'))
      .orderBy('id')
      .limit(1),
  )
  const deleteBefore = statement<{ before: number }>()((slot) =>
    sql.deleteFrom('audit').where('id', '<', slot('before')),
  )
  const lastId = (): number => last.get({})?.id ?? 0

  return {
    append: (entry) => {
      const { at, op, threadId, ref, actor, outcome } = entry
      const detail = JSON.stringify(entry.detail)
      const id = append.get({ at, op, threadId, ref, actor, outcome, detail })?.id
      if (id === undefined) throw new Error('SQLite returned no id for a row that it inserted')
      return { id, ...entry }
    },
    list: ({ limit, threadId = null, op = null, outcome = null, sinceMs = null }) =>
      lists({
        thread: threadId !== null,
        op: op !== null,
        outcome: outcome !== null,
        since: sinceMs !== null,
      })
        .all({
          limit,
          threadId: threadId ?? '',
          op: op ?? '',
          outcome: outcome ?? '',
          since: sinceMs ?? 0,
        })
        .map(codec.decode)
        .toReversed(),
    after: (id, limit) => after.all({ id, limit }).map(codec.decode),
    lastId,
    prune: ({ olderThan, slice }) => {
      const from = first.get({})?.id
      if (from === undefined) return 0
      const kept = firstKept.get({ olderThan })?.id ?? lastId() + 1
      return deleteBefore.run({ before: Math.min(kept, from + slice) })
    },
  }
}

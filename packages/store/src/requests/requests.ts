// The requests of Codex in the registry.
import { sql as raw } from 'kysely'
import { makeCodec } from '../database/codec.ts'
import type { Bindings, Connection } from '../database/connection.ts'
import { makeKept } from '../database/kept.ts'
import { makePatch } from '../database/patch.ts'
import type { Columns } from '../database/tables.ts'
import { makeVariants } from '../database/variants.ts'
import type { RequestListQuery, RequestPage, RequestPatch, RequestRow } from './request-row.ts'

/** Repository of the requests. */
export type Requests = {
  /** Throws `UniqueError` when the id is taken. */
  insert(row: RequestRow): void
  /** Whether there was such a request. */
  update(id: string, patch: RequestPatch): boolean
  get(id: string): RequestRow | null
  /** Requests whose id begins so, the newest first. */
  byIdPrefix(prefix: string, limit: number): RequestRow[]
  /** The newest requests of a thread under that id of the protocol. */
  ofThread(threadId: string, rpcId: string, limit: number): RequestRow[]
  /** What is pending, oldest first; of one lane or of all. */
  pending(laneId?: string): RequestRow[]
  /** How many are pending; of one lane or of all. */
  countPending(laneId?: string): number
  /** Newest first: ids ascend with time. */
  list(query: RequestListQuery): RequestPage
  /** Deletes a slice of the requests that ended before that; rows deleted, 0 when done. */
  prune(retention: { olderThan: number; slice: number }): number
}

const codec = makeCodec<RequestRow>({ json: ['server', 'ask'] })

// Written out, not bound: SQLite uses the partial index only where it sees the same words.
const isPending = raw<boolean>`state = 'pending'`

/** Sorts after every string that starts with the prefix. */
const afterPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`

type ListSlots = { laneId: string; state: string; before: string; limit: number }

/** The requests on a connection. */
export const makeRequests = (connection: Connection): Requests => {
  const { sql, statement } = connection
  const all = sql.selectFrom('requests').selectAll()
  const oldest = (query: typeof all) => query.orderBy('id')

  const insert = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .insertInto('requests')
        .values(
          Object.fromEntries(columns.map((name) => [name, slot(name)])) as Columns<RequestRow>,
        ),
    ),
  )
  const update = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .updateTable('requests')
        .set(Object.fromEntries(columns.map((name) => [name, slot(name)])))
        .where('id', '=', slot('keyId') as string),
    ),
  )
  const byId = statement<{ id: string }>()((slot) => all.where('id', '=', slot('id')))
  const byPrefix = statement<{ prefix: string; end: string; limit: number }>()((slot) =>
    all
      .where('id', '>=', slot('prefix'))
      .where('id', '<', slot('end'))
      .orderBy('id', 'desc')
      .limit(slot('limit')),
  )
  const byRpcId = statement<{ threadId: string; rpcId: string; limit: number }>()((slot) =>
    all
      .where('threadId', '=', slot('threadId'))
      .where('rpcId', '=', slot('rpcId'))
      .orderBy('id', 'desc')
      .limit(slot('limit')),
  )
  const pending = statement<Bindings>()(() => oldest(all.where(isPending)))
  const pendingOf = statement<{ laneId: string }>()((slot) =>
    oldest(all.where(isPending).where('laneId', '=', slot('laneId'))),
  )
  const countOf = statement<{ laneId: string }>()((slot) =>
    sql
      .selectFrom('requests')
      .select(({ fn }) => fn.countAll<number>().as('requests'))
      .where(isPending)
      .where('laneId', '=', slot('laneId')),
  )
  const count = statement<Bindings>()(() =>
    sql
      .selectFrom('requests')
      .select(({ fn }) => fn.countAll<number>().as('requests'))
      .where(isPending),
  )
  const lists = makeVariants((shape: { lane: boolean; state: boolean; before: boolean }) =>
    statement<ListSlots>()((slot) => {
      let query = all.orderBy('id', 'desc').limit(slot('limit'))
      if (shape.lane) query = query.where('laneId', '=', slot('laneId'))
      if (shape.state) query = query.where('state', '=', slot('state') as 'pending')
      return shape.before ? query.where('id', '<', slot('before')) : query
    }),
  )
  const prune = statement<{ olderThan: number; slice: number }>()((slot) =>
    sql
      .deleteFrom('requests')
      .where('id', 'in', (of) =>
        of
          .selectFrom('requests')
          .select('id')
          .where('closedAt', '<', slot('olderThan'))
          .limit(slot('slice')),
      ),
  )
  // Every turn that starts, every `list` and every `daemon status` asks.
  const counted = makeKept(connection, () => ({ all: count.get({})?.requests ?? 0 }))

  return {
    insert: (row) => {
      counted.changed()
      insert(codec.encode(row), {})
    },
    update: (id, patch) => {
      const columns = codec.encode(patch)
      if (Object.keys(columns).length === 0) return byId.get({ id }) !== undefined
      counted.changed()
      return update(columns, { keyId: id }) > 0
    },
    get: (id) => {
      const row = byId.get({ id })
      return row === undefined ? null : codec.decode(row)
    },
    byIdPrefix: (prefix, limit) =>
      byPrefix.all({ prefix, end: afterPrefix(prefix), limit }).map(codec.decode),
    ofThread: (threadId, rpcId, limit) => byRpcId.all({ threadId, rpcId, limit }).map(codec.decode),
    pending: (laneId) =>
      (laneId === undefined ? pending.all({}) : pendingOf.all({ laneId })).map(codec.decode),
    countPending: (laneId) => {
      const total = counted.get().all
      return laneId === undefined || total === 0 ? total : (countOf.get({ laneId })?.requests ?? 0)
    },
    list: ({ limit, cursor = null, laneId = null, state = null }): RequestPage => {
      const rows = lists({
        lane: laneId !== null,
        state: state !== null,
        before: cursor !== null,
      }).all({
        laneId: laneId ?? '',
        state: state ?? '',
        before: cursor ?? '',
        limit: limit + 1,
      })
      const requests = rows.slice(0, limit).map(codec.decode)
      const last = requests.at(-1)
      return { requests, nextCursor: rows.length > limit && last ? last.id : null }
    },
    prune: (retention) => {
      counted.changed()
      return prune.run(retention)
    },
  }
}

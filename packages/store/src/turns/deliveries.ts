// The deliveries of the registry.
import type { DeliveryState } from '@dispatch/contract'
import { sql as raw } from 'kysely'
import { makeCodec } from '../database/codec.ts'
import type { Bindings, Connection, Statement } from '../database/connection.ts'
import { makeKept } from '../database/kept.ts'
import { makePatch } from '../database/patch.ts'
import type { Columns } from '../database/tables.ts'
import type { DeliveryHead, DeliveryListQuery, DeliveryPatch, DeliveryRow } from './delivery-row.ts'

/** Repository of the deliveries. */
export type Deliveries = {
  /** Throws `UniqueError` when the id is taken. */
  insert(row: DeliveryRow): void
  /** Puts it at the end of its lane's queue. Throws `UniqueError` when the id is taken. */
  enqueue(row: DeliveryRow): void
  /** The same at its front. */
  enqueueFirst(row: DeliveryRow): void
  /** Puts one that has left its lane's queue back to its front. */
  putBack(row: Pick<DeliveryRow, 'id' | 'threadId'>, patch: DeliveryPatch): void
  /** Gives what waits in a lane's queue that order. Part of the caller's transaction. */
  order(ids: readonly string[]): void
  /** A page, newest first. */
  list(query: DeliveryListQuery): DeliveryRow[]
  /** Those whose id begins so, at most two unless told. */
  byIdPrefix(prefix: string, limit?: number): DeliveryRow[]
  /** The delivery that does that one again, or null. */
  retryOf(id: string): DeliveryRow | null
  /** Lanes in which a turn runs or a message is on its way. */
  working(): string[]
  /** What waits in a lane's queue, in its order. */
  queue(threadId: string): DeliveryRow[]
  /** Lanes whose queue is not empty. */
  lanesWithQueue(): string[]
  /** Whether there was such a delivery. `state: 'accepted'` clears the text that is not given. */
  update(id: string, patch: DeliveryPatch): boolean
  get(id: string): DeliveryRow | null
  /** The deliveries whose messages started that turn or were steered into it, oldest first. */
  ofTurn(threadId: string, turnId: string): DeliveryRow[]
  /** Settings that a message of the lane has ever overridden. */
  overriddenFields(threadId: string): (keyof DeliveryRow['overrides'])[]
  /** `submitting` and `ambiguous`, oldest first, then `queued` in the order of the queue; of one lane or of all. */
  unsettled(threadId?: string): DeliveryHead[]
  /** `ambiguous`, oldest first. */
  ambiguous(limit: number): DeliveryHead[]
  /** Unsettled deliveries by state. */
  counts(): Record<Extract<DeliveryState, 'queued' | 'submitting' | 'ambiguous'>, number>
}

const codec = makeCodec<DeliveryRow>({ json: ['overrides', 'server'] })

const headCodec = makeCodec<DeliveryHead>({ json: ['overrides', 'server'] })

const headColumns = [
  'id',
  'threadId',
  'mode',
  'textLength',
  'textHash',
  'state',
  'outcome',
  'turnId',
  'landed',
  'overrides',
  'actor',
  'createdAt',
  'submittedAt',
  'acceptedAt',
  'completedAt',
  'failure',
  'server',
  'rolloutBytes',
  'position',
  'retryOf',
  'attempt',
  'notBefore',
] as const satisfies readonly (keyof DeliveryHead)[]

// Written out, not bound: SQLite uses the partial index only where it sees the same words.
const isUnsettled = raw<boolean>`state in ('queued', 'submitting', 'ambiguous')`

/** Rows by what is given of a query: one statement for each set of names, kept. */
const makeByGiven = <Row>(
  build: (names: ReadonlySet<string>) => Statement<Bindings, Row>,
): ((given: Record<string, string | number>) => Row[]) => {
  const statements = new Map<string, Statement<Bindings, Row>>()
  return (given) => {
    const names = Object.keys(given)
    const key = names.join()
    const known = statements.get(key) ?? build(new Set(names))
    statements.set(key, known)
    return known.all(given)
  }
}

/** The deliveries on a connection. */
export const makeDeliveries = (connection: Connection): Deliveries => {
  const { sql, statement } = connection
  const all = sql.selectFrom('deliveries').selectAll()
  const oldest = (query: typeof all) => query.orderBy('createdAt').orderBy(raw`rowid`)
  // What is not queued has no position, and null comes first.
  const inOrder = (query: typeof all) => oldest(query.orderBy('position'))

  const insert = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .insertInto('deliveries')
        .values(
          Object.fromEntries(columns.map((name) => [name, slot(name)])) as Columns<DeliveryRow>,
        ),
    ),
  )
  const update = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .updateTable('deliveries')
        .set(Object.fromEntries(columns.map((name) => [name, slot(name)])))
        .where('id', '=', slot('keyId') as string),
    ),
  )
  const byId = statement<{ id: string }>()((slot) => all.where('id', '=', slot('id')))
  const ofTurn = statement<{ threadId: string; turnId: string }>()((slot) =>
    oldest(all.where('threadId', '=', slot('threadId')).where('turnId', '=', slot('turnId'))),
  )
  const overridden = statement<{ threadId: string }>()((slot) =>
    sql
      .selectFrom('deliveries')
      .select('overrides')
      .distinct()
      .where('threadId', '=', slot('threadId'))
      .where('overrides', '!=', raw<never>`'{}'`),
  )
  const heads = sql
    .selectFrom('deliveries')
    .select(headColumns)
    .where(isUnsettled)
    .orderBy('position')
    .orderBy('createdAt')
    .orderBy(raw`rowid`)
  const unsettled = statement<Bindings>()(() => heads)
  const ambiguous = statement<{ limit: number }>()((slot) =>
    heads.where('state', '=', 'ambiguous').limit(slot('limit')),
  )
  const unsettledOf = statement<{ threadId: string }>()((slot) =>
    heads.where('threadId', '=', slot('threadId')),
  )
  // By the words of `isUnsettled` SQLite uses the partial index.
  const queue = statement<{ threadId: string }>()((slot) =>
    inOrder(
      all.where(isUnsettled).where('threadId', '=', slot('threadId')).where('state', '=', 'queued'),
    ),
  )
  const last = statement<{ threadId: string }>()((slot) =>
    sql
      .selectFrom('deliveries')
      .select(({ fn }) => fn.max('position').as('position'))
      .where(isUnsettled)
      .where('threadId', '=', slot('threadId')),
  )
  const first = statement<{ threadId: string }>()((slot) =>
    sql
      .selectFrom('deliveries')
      .select(({ fn }) => fn.min('position').as('position'))
      .where(isUnsettled)
      .where('threadId', '=', slot('threadId')),
  )
  const beforeFirst = ({ threadId }: Pick<DeliveryRow, 'threadId'>): number =>
    (first.get({ threadId })?.position ?? 0) - 1
  const byPrefix = statement<{ from: string; to: string; limit: number }>()((slot) =>
    all.where('id', '>=', slot('from')).where('id', '<', slot('to')).limit(slot('limit')),
  )
  const retries = statement<{ id: string }>()((slot) => all.where('retryOf', '=', slot('id')))
  // One statement for each set of conditions: each is then served by its index.
  const page = makeByGiven((names) =>
    statement<Bindings>()((slot) => {
      let query = all.orderBy('createdAt', 'desc').orderBy('id', 'desc')
      if (names.has('threadId')) query = query.where('threadId', '=', slot('threadId') as string)
      if (names.has('state')) query = query.where('state', '=', slot('state') as DeliveryState)
      // The words of the index of rare states.
      if (names.has('isRare')) query = query.where(raw<boolean>`state <> 'accepted'`)
      if (names.has('createdAt')) {
        const at = slot('createdAt') as number
        query = query.where(raw<boolean>`(createdAt, id) < (${at}, ${slot('id')})`)
      }
      return query.limit(slot('limit') as number)
    }),
  )
  const working = statement<Bindings>()(() =>
    sql
      .selectFrom('lanes')
      .select('threadId')
      .where('archivedAt', 'is', null)
      .where('activeTurnId', 'is not', null)
      .union(
        sql
          .selectFrom('deliveries')
          .select('threadId')
          .where(isUnsettled)
          .where('state', '=', 'submitting')
          .where('mode', '!=', 'context'),
      ),
  )
  const withQueue = statement<Bindings>()(() =>
    sql
      .selectFrom('deliveries')
      .select('threadId')
      .distinct()
      .where(isUnsettled)
      .where('state', '=', 'queued'),
  )
  const counts = statement<Bindings>()(() =>
    sql
      .selectFrom('deliveries')
      .select(({ fn }) => ['state', fn.countAll<number>().as('deliveries')])
      .where(isUnsettled)
      .groupBy('state'),
  )
  const one = (row: Columns<DeliveryRow> | undefined): DeliveryRow | null =>
    row === undefined ? null : codec.decode(row)

  const counted = makeKept(connection, () => {
    const result = { queued: 0, submitting: 0, ambiguous: 0 }
    for (const { state, deliveries } of counts.all({})) {
      result[state as keyof typeof result] = deliveries
    }
    return result
  })

  return {
    insert: (row) => {
      counted.changed()
      insert(codec.encode(row), {})
    },
    enqueue: (row) => {
      const position = (last.get({ threadId: row.threadId })?.position ?? 0) + 1
      counted.changed()
      insert(codec.encode({ ...row, position }), {})
    },
    enqueueFirst: (row) => {
      counted.changed()
      insert(codec.encode({ ...row, position: beforeFirst(row) }), {})
    },
    putBack: (row, patch) => {
      counted.changed()
      const back = { ...patch, state: 'queued', position: beforeFirst(row) } as const
      update(codec.encode(back), { keyId: row.id })
    },
    order: (ids) => {
      for (const [index, id] of ids.entries()) update({ position: index + 1 }, { keyId: id })
    },
    list: ({ threadId, state, limit, before }) => {
      const given = {
        ...(threadId === null ? {} : { threadId }),
        ...(state === null ? {} : { state }),
        ...(state === null || state === 'accepted' ? {} : { isRare: 1 }),
        ...before,
        limit,
      }
      return page(given).map(codec.decode)
    },
    byIdPrefix: (prefix, limit = 2) =>
      byPrefix.all({ from: prefix, to: `${prefix}~`, limit }).map(codec.decode),
    retryOf: (id) => one(retries.get({ id })),
    working: () => working.all({}).map(({ threadId }) => threadId),
    queue: (threadId) => queue.all({ threadId }).map(codec.decode),
    lanesWithQueue: () => withQueue.all({}).map(({ threadId }) => threadId),
    update: (id, patch) => {
      const columns = codec.encode(patch)
      if (patch.state === 'accepted' && patch.text === undefined) columns['text'] = ''
      if (patch.state !== undefined && patch.state !== 'queued') columns['position'] = null
      if (Object.keys(columns).length === 0) return byId.get({ id }) !== undefined
      counted.changed()
      return update(columns, { keyId: id }) > 0
    },
    get: (id) => one(byId.get({ id })),
    ofTurn: (threadId, turnId) => ofTurn.all({ threadId, turnId }).map(codec.decode),
    overriddenFields: (threadId) => {
      const names = overridden
        .all({ threadId })
        .flatMap(({ overrides }) => Object.keys(JSON.parse(overrides) as object))
      return [...new Set(names)] as (keyof DeliveryRow['overrides'])[]
    },
    unsettled: (threadId) => {
      const rows = threadId === undefined ? unsettled.all({}) : unsettledOf.all({ threadId })
      return rows.map(headCodec.decode)
    },
    ambiguous: (limit) => ambiguous.all({ limit }).map(headCodec.decode),
    counts: counted.get,
  }
}

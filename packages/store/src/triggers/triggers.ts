// The triggers of the registry.
import type { TriggerState } from '@dispatch/contract'
import { sql as raw } from 'kysely'
import { makeCodec } from '../database/codec.ts'
import type { Bindings, Connection } from '../database/connection.ts'
import { makeKept } from '../database/kept.ts'
import { makePatch } from '../database/patch.ts'
import type { Columns } from '../database/tables.ts'
import { makeVariants } from '../database/variants.ts'
import { makeLeaving } from './leaving.ts'
import type { TriggerListQuery, TriggerPatch, TriggerRow } from './trigger-row.ts'

/** Repository of the triggers. */
export type Triggers = {
  insert(row: TriggerRow): void
  /** Whether there was such a trigger. */
  update(id: string, patch: TriggerPatch): boolean
  /**
   * Deletes a trigger with its occurrences. Of the lanes that it made and that are at work it is kept
   * that they are to be put away; of its messages that are under way, what led to them. Part of the
   * caller's transaction.
   */
  delete(id: string): void
  get(id: string): TriggerRow | null
  /** Triggers whose id begins so. */
  byIdPrefix(prefix: string, limit: number): TriggerRow[]
  byName(name: string, limit: number): TriggerRow[]
  /** Oldest first: ids ascend with time. */
  list(query: TriggerListQuery): TriggerRow[]
  /** What is to be looked at by then, the earliest first. */
  due(now: number, limit: number): TriggerRow[]
  /** When something is to be looked at next; null for never. */
  nextDue(): number | null
  /** Those that fire next by a time, the earliest first; without those that fail, see `failing`. */
  upcoming(limit: number): TriggerRow[]
  /** Active triggers that go by what happens on that lane. */
  ofSource(laneId: string): TriggerRow[]
  /** Active triggers that act on that lane. */
  ofLane(laneId: string): TriggerRow[]
  /** Active triggers that go by the rest of a lane and have no time to be looked at. */
  resting(): TriggerRow[]
  /** Active triggers that go by a lane that is there no more. */
  sourceless(): TriggerRow[]
  counts(): Record<TriggerState, number>
  /** Active triggers whose last tries failed, oldest first. */
  failing(limit: number): TriggerRow[]
  countFailing(): number
}

const codec = makeCodec<TriggerRow>({ json: ['spec'] })

// Written out, not bound: SQLite uses a partial index only where it sees the same words.
const isActive = raw<boolean>`state = 'active'`
const hasTime = raw<boolean>`nextAt is not null`
const hasSource = raw<boolean>`sourceId is not null`
// The sign keeps SQLite from the index of states.
const isFailing = raw<boolean>`failures > 0 and +state = 'active'`

type ListSlots = { laneId: string; state: string; after: string; limit: number }

/** The triggers on a connection. */
export const makeTriggers = (connection: Connection): Triggers => {
  const { sql, statement } = connection
  const leaving = makeLeaving(connection)
  const all = sql.selectFrom('triggers').selectAll()

  const insert = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .insertInto('triggers')
        .values(
          Object.fromEntries(columns.map((name) => [name, slot(name)])) as Columns<TriggerRow>,
        ),
    ),
  )
  const update = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .updateTable('triggers')
        .set(Object.fromEntries(columns.map((name) => [name, slot(name)])))
        .where('id', '=', slot('keyId') as string),
    ),
  )
  const removeRuns = statement<{ id: string }>()((slot) =>
    sql.deleteFrom('triggerRuns').where('triggerId', '=', slot('id')),
  )
  const remove = statement<{ id: string }>()((slot) =>
    sql.deleteFrom('triggers').where('id', '=', slot('id')),
  )
  const byId = statement<{ id: string }>()((slot) => all.where('id', '=', slot('id')))
  const byPrefix = statement<{ from: string; to: string; limit: number }>()((slot) =>
    all.where('id', '>=', slot('from')).where('id', '<', slot('to')).limit(slot('limit')),
  )
  const byName = statement<{ name: string; limit: number }>()((slot) =>
    all.where('name', '=', slot('name')).orderBy('id').limit(slot('limit')),
  )
  const lists = makeVariants((shape: { lane: boolean; state: boolean; after: boolean }) =>
    statement<ListSlots>()((slot) => {
      let query = all.orderBy('id').limit(slot('limit'))
      if (shape.lane) query = query.where('laneId', '=', slot('laneId'))
      if (shape.state) query = query.where('state', '=', slot('state') as TriggerState)
      return shape.after ? query.where('id', '>', slot('after')) : query
    }),
  )
  const due = statement<{ now: number; limit: number }>()((slot) =>
    all
      .where(hasTime)
      .where('nextAt', '<=', slot('now'))
      .orderBy('nextAt')
      .orderBy('id')
      .limit(slot('limit')),
  )
  const first = statement<Bindings>()(() =>
    sql.selectFrom('triggers').select('nextAt').where(hasTime).orderBy('nextAt').limit(1),
  )
  const upcoming = statement<{ limit: number }>()((slot) =>
    all
      .where(hasTime)
      .where('scheduledAt', 'is not', null)
      .where('failures', '=', raw<number>`0`)
      .orderBy('nextAt')
      .orderBy('id')
      .limit(slot('limit')),
  )
  const ofSource = statement<{ laneId: string }>()((slot) =>
    all.where(isActive).where(hasSource).where('sourceId', '=', slot('laneId')).orderBy('id'),
  )
  const ofLane = statement<{ laneId: string }>()((slot) =>
    all.where(isActive).where('laneId', '=', slot('laneId')).orderBy('id'),
  )
  const resting = statement<Bindings>()(() =>
    all
      .where(isActive)
      .where(hasSource)
      .where('kind', '=', raw<'idle_for'>`'idle_for'`)
      .where('nextAt', 'is', null),
  )
  const sourceless = statement<Bindings>()(() =>
    all
      .where(isActive)
      .where(hasSource)
      .where('sourceId', 'not in', (of) => of.selectFrom('lanes').select('threadId')),
  )
  const failing = statement<{ limit: number }>()((slot) =>
    all.where(isFailing).orderBy('id').limit(slot('limit')),
  )
  const countFailing = statement<Bindings>()(() =>
    sql
      .selectFrom('triggers')
      .select(({ fn }) => fn.countAll<number>().as('triggers'))
      .where(isFailing),
  )
  const counts = statement<Bindings>()(() =>
    sql
      .selectFrom('triggers')
      .select(({ fn }) => ['state', fn.countAll<number>().as('triggers')])
      .groupBy('state'),
  )
  const counted = makeKept(connection, () => {
    const result: Record<TriggerState, number> = { active: 0, paused: 0, disabled: 0, done: 0 }
    for (const { state, triggers } of counts.all({})) result[state] = triggers
    return result
  })

  return {
    insert: (row) => {
      counted.changed()
      insert(codec.encode(row), {})
    },
    update: (id, patch) => {
      const columns = codec.encode(patch)
      if (Object.keys(columns).length === 0) return byId.get({ id }) !== undefined
      if (patch.state !== undefined) counted.changed()
      return update(columns, { keyId: id }) > 0
    },
    delete: (id) => {
      counted.changed()
      leaving.trigger(id)
      removeRuns.run({ id })
      remove.run({ id })
    },
    get: (id) => {
      const row = byId.get({ id })
      return row === undefined ? null : codec.decode(row)
    },
    byIdPrefix: (prefix, limit) =>
      byPrefix.all({ from: prefix, to: `${prefix}~`, limit }).map(codec.decode),
    byName: (name, limit) => byName.all({ name, limit }).map(codec.decode),
    list: ({ laneId, state, limit, after }) =>
      lists({ lane: laneId !== null, state: state !== null, after: after !== null })
        .all({ laneId: laneId ?? '', state: state ?? '', after: after ?? '', limit })
        .map(codec.decode),
    due: (now, limit) => due.all({ now, limit }).map(codec.decode),
    nextDue: () => first.get({})?.nextAt ?? null,
    upcoming: (limit) => upcoming.all({ limit }).map(codec.decode),
    ofSource: (laneId) => ofSource.all({ laneId }).map(codec.decode),
    ofLane: (laneId) => ofLane.all({ laneId }).map(codec.decode),
    resting: () => resting.all({}).map(codec.decode),
    sourceless: () => sourceless.all({}).map(codec.decode),
    counts: counted.get,
    failing: (limit) => failing.all({ limit }).map(codec.decode),
    countFailing: () => countFailing.get({})?.triggers ?? 0,
  }
}

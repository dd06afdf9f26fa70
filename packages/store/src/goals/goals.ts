// The goals of the registry: one a lane at most.
import type { GoalPause } from '@dispatch/contract'
import { sql as raw } from 'kysely'
import { makeCodec } from '../database/codec.ts'
import type { Bindings, Connection } from '../database/connection.ts'
import { makePatch } from '../database/patch.ts'
import type { Columns } from '../database/tables.ts'
import type { GoalRow } from './goal-row.ts'

/** Repository of the goals. */
export type Goals = {
  get(threadId: string): GoalRow | null
  /** Every goal of a lane that is not archived. */
  live(): GoalRow[]
  /** Those of them that are active, or that dispatch has paused and will activate again. */
  open(): GoalRow[]
  /** Writes the goal of a lane in the place of the one before. */
  put(row: GoalRow): void
  /** Whether there was one. */
  setPausedFor(threadId: string, pausedFor: GoalPause | null): boolean
  /** Whether there was one. */
  remove(threadId: string): boolean
}

const codec = makeCodec<GoalRow>({})

// Written out, not bound: SQLite uses the partial index only where it sees the same words.
const isOpen = raw<boolean>`(goals.status = 'active' or goals.pausedFor is not null)`

/** The goals on a connection. */
export const makeGoals = ({ sql, statement }: Connection): Goals => {
  type Key = { threadId: string }
  const ofLive = sql
    .selectFrom('goals')
    .innerJoin('lanes', 'lanes.threadId', 'goals.threadId')
    .selectAll('goals')
    .where('lanes.archivedAt', 'is', null)
  const byThread = statement<Key>()((slot) =>
    sql.selectFrom('goals').selectAll().where('threadId', '=', slot('threadId')),
  )
  const live = statement<Bindings>()(() => ofLive)
  const open = statement<Bindings>()(() => ofLive.where(isOpen))
  const put = makePatch((columns) =>
    statement<Bindings>()((slot) => {
      const values = Object.fromEntries(columns.map((name) => [name, slot(name)]))
      const { threadId: _thread, ...rest } = values
      return sql
        .insertInto('goals')
        .values(values as Columns<GoalRow>)
        .onConflict((conflict) => conflict.column('threadId').doUpdateSet(rest))
    }),
  )
  const mark = statement<Key & { pausedFor: GoalPause | null }>()((slot) =>
    sql
      .updateTable('goals')
      .set({ pausedFor: slot('pausedFor') })
      .where('threadId', '=', slot('threadId')),
  )
  const remove = statement<Key>()((slot) =>
    sql.deleteFrom('goals').where('threadId', '=', slot('threadId')),
  )
  return {
    get: (threadId) => {
      const row = byThread.get({ threadId })
      return row === undefined ? null : codec.decode(row)
    },
    live: () => live.all({}).map(codec.decode),
    open: () => open.all({}).map(codec.decode),
    put: (row) => void put(codec.encode(row), {}),
    setPausedFor: (threadId, pausedFor) => mark.run({ threadId, pausedFor }) > 0,
    remove: (threadId) => remove.run({ threadId }) > 0,
  }
}

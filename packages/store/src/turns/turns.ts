// The turns of the registry.
import { sql as raw } from 'kysely'
import { makeCodec } from '../database/codec.ts'
import type { Bindings, Connection } from '../database/connection.ts'
import { makePatch } from '../database/patch.ts'
import type { Columns } from '../database/tables.ts'
import type { TurnRow, TurnUpsert } from './turn-row.ts'

/** Repository of the turns. */
export type Turns = {
  /** Writes a turn: new, or only the given fields of one that is there. */
  upsert(turn: TurnUpsert): void
  get(threadId: string, id: string): TurnRow | null
  /** The turn of a thread that started last. */
  latest(threadId: string): TurnRow | null
  /** The newest completed turn of a thread that said something (turn ids ascend), and its last message. */
  lastSaid(threadId: string): { turnId: string; text: string } | null
  /** Every turn that has started and not ended. */
  running(): TurnRow[]
}

const codec = makeCodec<TurnRow>({ json: ['error'] })

/** The turns on a connection. */
export const makeTurns = ({ sql, statement }: Connection): Turns => {
  const all = sql.selectFrom('turns').selectAll()
  const upsert = makePatch((columns) =>
    statement<Bindings>()((slot) => {
      const values = Object.fromEntries(columns.map((name) => [name, slot(name)]))
      const { threadId: _thread, id: _id, ...rest } = values
      return sql
        .insertInto('turns')
        .values(values as Columns<TurnRow>)
        .onConflict((conflict) => conflict.columns(['threadId', 'id']).doUpdateSet(rest))
    }),
  )
  const byId = statement<{ threadId: string; id: string }>()((slot) =>
    all.where('threadId', '=', slot('threadId')).where('id', '=', slot('id')),
  )
  const latest = statement<{ threadId: string }>()((slot) =>
    all
      .where('threadId', '=', slot('threadId'))
      .orderBy('startedAt', 'desc')
      .orderBy(raw`rowid`, 'desc')
      .limit(1),
  )
  // Along the primary key of items; the newest turn that fits ends it.
  const lastSaid = statement<{ threadId: string }>()((slot) =>
    sql
      .selectFrom('items')
      .innerJoin('turns', (join) =>
        join.onRef('turns.threadId', '=', 'items.threadId').onRef('turns.id', '=', 'items.turnId'),
      )
      .select(['items.turnId', 'items.text'])
      .where('items.threadId', '=', slot('threadId'))
      .where('items.type', '=', 'agentMessage')
      .where('turns.status', '=', 'completed')
      .orderBy('items.turnId', 'desc')
      .orderBy('items.ordinal', 'desc')
      .limit(1),
  )
  // Written out, not bound: SQLite uses the partial index only where it sees the same words.
  const running = statement<Bindings>()(() =>
    all.where(raw<boolean>`status = 'started'`).orderBy(raw`rowid`),
  )
  const one = (row: Columns<TurnRow> | undefined): TurnRow | null =>
    row === undefined ? null : codec.decode(row)

  return {
    upsert: (turn) => void upsert(codec.encode(turn), {}),
    get: (threadId, id) => one(byId.get({ threadId, id })),
    latest: (threadId) => one(latest.get({ threadId })),
    lastSaid: (threadId) => lastSaid.get({ threadId }) ?? null,
    running: () => running.all({}).map(codec.decode),
  }
}

// The creations of the registry: one a call that makes a lane, written before Codex is told. A row
// goes with its lane.
import { sql as raw } from 'kysely'
import { makeCodec } from '../database/codec.ts'
import type { Bindings, Connection } from '../database/connection.ts'
import { makePatch } from '../database/patch.ts'
import type { Columns } from '../database/tables.ts'
import type { CreationPatch, CreationRow } from './creation-row.ts'

/** Repository of the creations. */
export type Creations = {
  get(callId: string): CreationRow | null
  /** Writes the creation of a call in the place of an earlier try of it. */
  put(row: CreationRow): void
  update(callId: string, patch: CreationPatch): void
  delete(callId: string): void
  /** Those that are `begun` or `registered`, oldest first. */
  unfinished(): CreationRow[]
}

const codec = makeCodec<CreationRow>({ json: ['draft', 'server'] })

// Written out, not bound: SQLite uses the partial index only where it sees the same words.
const isUnfinished = raw<boolean>`state in ('begun', 'registered')`

/** The creations on a connection. */
export const makeCreations = ({ sql, statement }: Connection): Creations => {
  type Key = { callId: string }
  const all = sql.selectFrom('creations').selectAll()
  const byCall = statement<Key>()((slot) => all.where('callId', '=', slot('callId')))
  const open = statement<Bindings>()(() => all.where(isUnfinished).orderBy('at'))
  const remove = statement<Key>()((slot) =>
    sql.deleteFrom('creations').where('callId', '=', slot('callId')),
  )
  const put = makePatch((columns) =>
    statement<Bindings>()((slot) => {
      const values = Object.fromEntries(columns.map((name) => [name, slot(name)]))
      const { callId: _call, ...rest } = values
      return sql
        .insertInto('creations')
        .values(values as Columns<CreationRow>)
        .onConflict((conflict) => conflict.column('callId').doUpdateSet(rest))
    }),
  )
  const update = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .updateTable('creations')
        .set(Object.fromEntries(columns.map((name) => [name, slot(name)])))
        .where('callId', '=', slot('keyCallId') as string),
    ),
  )
  return {
    get: (callId) => {
      const row = byCall.get({ callId })
      return row === undefined ? null : codec.decode(row)
    },
    put: (row) => void put(codec.encode(row), {}),
    update: (callId, patch) => void update(codec.encode(patch), { keyCallId: callId }),
    delete: (callId) => void remove.run({ callId }),
    unfinished: () => open.all({}).map(codec.decode),
  }
}

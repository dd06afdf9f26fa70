// The syncs of the registry: one a lane, as the last sync left it.
import { makeCodec } from '../database/codec.ts'
import type { Bindings, Connection } from '../database/connection.ts'
import { makePatch } from '../database/patch.ts'
import type { Columns } from '../database/tables.ts'
import type { SyncRow } from './sync-row.ts'

/** Repository of the syncs. */
export type Syncs = {
  get(threadId: string): SyncRow | null
  /** Writes the sync of a lane in the place of the one before. */
  put(row: SyncRow): void
}

const codec = makeCodec<SyncRow>({ json: ['position'] })

/** The syncs on a connection. */
export const makeSyncs = ({ sql, statement }: Connection): Syncs => {
  const byThread = statement<{ threadId: string }>()((slot) =>
    sql.selectFrom('syncs').selectAll().where('threadId', '=', slot('threadId')),
  )
  const put = makePatch((columns) =>
    statement<Bindings>()((slot) => {
      const values = Object.fromEntries(columns.map((name) => [name, slot(name)]))
      const { threadId: _thread, ...rest } = values
      return sql
        .insertInto('syncs')
        .values(values as Columns<SyncRow>)
        .onConflict((conflict) => conflict.column('threadId').doUpdateSet(rest))
    }),
  )
  return {
    get: (threadId) => {
      const row = byThread.get({ threadId })
      return row === undefined ? null : codec.decode(row)
    },
    put: (row) => void put(codec.encode(row), {}),
  }
}

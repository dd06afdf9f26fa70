// Forgetting a lane: its row and every row of any table that refers to it, found by the foreign keys
// themselves, so that a table that comes later is not left with a reference to nothing. Its ref stays
// taken, and so do its events and audit rows, which refer to nothing.
import type { Database } from 'better-sqlite3'
import type { Connection } from '../database/connection.ts'

/** Forgets lanes. */
export type Forgetting = {
  /** Rows that refer to the lane, by table. */
  dependents(threadId: string): Record<string, number>
  /** Deletes the lane and all that refers to it. Part of the caller's transaction. */
  forget(threadId: string): void
}

type Reference = { table: string; from: string; to: string }

// Written out in SQL, because it reads the schema and not the tables that the code knows.
const referencesTo = (db: Database, parent: string): Reference[] =>
  db
    .prepare(
      `select child.name as "table", key."from", coalesce(key."to", 'threadId') as "to"
       from sqlite_schema as child, pragma_foreign_key_list(child.name) as key
       where child.type = 'table' and key."table" = ? and child.name <> ?`,
    )
    .all(parent, parent) as Reference[]

type Part = { table: string; where: string }

// Children before parents.
const partsOf = (db: Database, { table, where }: Part): Part[] => [
  ...referencesTo(db, table).flatMap((child) =>
    partsOf(db, {
      table: child.table,
      where: `"${child.from}" in (select "${child.to}" from "${table}" where ${where})`,
    }),
  ),
  { table, where },
]

/** Forgetting on a database. */
export const makeForgetting = (db: Database, { kept }: Pick<Connection, 'kept'>): Forgetting => {
  const parts = (): Part[] => partsOf(db, { table: 'lanes', where: 'threadId = ?' })
  return {
    dependents: (threadId) => {
      const counts: Record<string, number> = {}
      for (const { table, where } of parts().slice(0, -1)) {
        const count = db.prepare(`select count(*) from "${table}" where ${where}`).pluck()
        counts[table] = (counts[table] ?? 0) + (count.get(threadId) as number)
      }
      return counts
    },
    forget: (threadId) => {
      for (const { table, where } of parts()) {
        db.prepare(`delete from "${table}" where ${where}`).run(threadId)
      }
      for (const changed of kept) changed()
    },
  }
}

// What can be said of a registry file without changing it: a backup, the registry of a daemon that
// runs, one of an older or newer schema. Nothing is migrated here.
import BetterSqlite, { type Database } from 'better-sqlite3'
import { statSync } from 'node:fs'
import { faultsOf, quickFaultsOf } from '../database/copy.ts'
import { withStoreErrors } from '../database/fault.ts'
import { inspectFile } from '../database/inspect.ts'
import { schemaOf } from '../database/migrate.ts'
import { migrations } from '../database/migrations.ts'

/** A registry file as it stands. */
export type RegistryReport = {
  file: string
  bytes: number
  /** Permission bits. */
  mode: number
  /** 0: an empty file, of which a registry can be made. */
  schemaVersion: number
  /** The newest schema that this dispatch knows. */
  supportedVersion: number
  /** What SQLite finds wrong; empty when sound. */
  faults: string[]
  /** Rows that refer to rows that are not there. */
  danglingRows: number
  /** Tables that its schema has and it has not. */
  missingTables: string[]
  /** Rows by table. */
  rows: Record<string, number>
}

/** How thorough: `quick` leaves out what compares indexes with their tables. */
export type ReportOptions = { quick?: boolean }

const tablesIn = (db: Database): string[] =>
  db
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite%'")
    .pluck()
    .all() as string[]

const tablesOfSchema = (version: number): string[] => {
  const empty = new BetterSqlite(':memory:')
  try {
    for (const step of migrations.slice(0, version)) empty.exec(step)
    return tablesIn(empty)
  } finally {
    empty.close()
  }
}

const countsOf = (db: Database, tables: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    tables.map((name) => [
      name,
      db.prepare(`select count(*) from "${name}"`).pluck().get() as number,
    ]),
  )

const read = (file: string, { quick = false }: ReportOptions): RegistryReport => {
  const { size: bytes, mode } = statSync(file)
  const about = {
    file,
    bytes,
    mode: mode & 0o777,
    supportedVersion: migrations.length,
  }
  if (inspectFile(file).fresh) {
    return { ...about, schemaVersion: 0, faults: [], danglingRows: 0, missingTables: [], rows: {} }
  }
  const db = new BetterSqlite(file, { readonly: true, fileMustExist: true })
  try {
    const schemaVersion = schemaOf(db)
    const tables = tablesIn(db)
    return {
      ...about,
      schemaVersion,
      faults: quick ? quickFaultsOf(db) : faultsOf(db),
      danglingRows: (db.pragma('foreign_key_check') as unknown[]).length,
      missingTables: tablesOfSchema(schemaVersion).filter((name) => !tables.includes(name)),
      rows: countsOf(db, tables),
    }
  } finally {
    db.close()
  }
}

/** The report of a file; null where there is none. Throws the classes of `StoreError` where it cannot be read at all. */
export const reportRegistry = (file: string, options: ReportOptions = {}): RegistryReport | null =>
  // existsSync would take a folder that may not be looked into for an empty one.
  withStoreErrors(file, () =>
    statSync(file, { throwIfNoEntry: false }) === undefined ? null : read(file, options),
  )

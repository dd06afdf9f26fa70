// Brings a database to the newest schema: a numbered list, user_version, each step in a transaction of
// its own. Kysely's Migrator is not transactional on SQLite.
import type { Database } from 'better-sqlite3'
import { copyBeforeMigration } from './copy.ts'
import { NewerSchemaError } from './errors.ts'

/** SQL that leads from the schema before it (its index) to the next. */
export type Migration = string

/** The schema of an open database. */
export const schemaOf = (db: Database): number =>
  db.pragma('user_version', { simple: true }) as number

/** Runs `fn` in BEGIN IMMEDIATE; rolls back when it throws. */
const immediately = (db: Database, fn: () => void): void => {
  db.exec('BEGIN IMMEDIATE')
  try {
    fn()
    db.exec('COMMIT')
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK')
  }
}

/** Refuses a newer schema; tells the version. */
export const requireKnownSchema = (db: Database, known: number): number => {
  const version = schemaOf(db)
  if (version > known) throw new NewerSchemaError(db.name, version, known)
  return version
}

/**
 * Applies what is missing, after a verified copy when there is something to lose (and `backup` is not false). Also proves that the
 * database can be locked for writing. Null when nothing was missing or the database is new.
 */
export const migrate = (
  db: Database,
  {
    migrations,
    backup: wantsBackup = true,
  }: { migrations: readonly Migration[]; backup?: boolean },
): { from: number; to: number; backup: string | null } | null => {
  const to = migrations.length
  const from = requireKnownSchema(db, to)
  const backup = wantsBackup && from > 0 && from < to ? copyBeforeMigration(db, from) : null
  for (const [index, sql] of migrations.entries()) {
    immediately(db, () => {
      if (schemaOf(db) > index) return
      db.exec(sql)
      db.pragma(`user_version = ${index + 1}`)
    })
  }
  return from > 0 && from < to ? { from, to, backup } : null
}

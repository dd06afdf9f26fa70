// Opens the file: looks first, then creates or joins, then sets what every connection needs.
import BetterSqlite, { type Database } from 'better-sqlite3'
import { chmodSync, closeSync, openSync } from 'node:fs'
import { OlderSchemaError } from './errors.ts'
import { withStoreErrors } from './fault.ts'
import { APPLICATION_ID, inspectFile, refuseNetworkFileSystem } from './inspect.ts'
import { type Migration, migrate, requireKnownSchema } from './migrate.ts'

/** How to open a database; the migrations are the schema that it is to have. */
export type OpenDatabaseOptions = {
  file: string
  readonly?: boolean
  busyTimeoutMs?: number
  /** Whether an older schema is copied before it is migrated; true when absent. */
  backup?: boolean
  migrations: readonly Migration[]
}

/** An open database and what opening it changed. */
export type OpenDatabase = { db: Database; migrated: ReturnType<typeof migrate> }

const BUSY_TIMEOUT_MS = 2_000

/** Pages that stay with the process; the rest is in the system's cache. SQLite as it is built for us would keep 16 MB. */
const CACHE_KIB = 8_192

const openToRead = (file: string, options: OpenDatabaseOptions): OpenDatabase => {
  const { busyTimeoutMs: timeout = BUSY_TIMEOUT_MS, migrations } = options
  if (inspectFile(file).fresh) throw new OlderSchemaError(`${file} is not a registry yet`, file)
  const db = new BetterSqlite(file, { readonly: true, fileMustExist: true, timeout })
  try {
    if (requireKnownSchema(db, migrations.length) < migrations.length) {
      throw new OlderSchemaError(`${file} has an older schema`, file)
    }
  } catch (error) {
    db.close()
    throw error
  }
  return { db, migrated: null }
}

const openToWrite = (file: string, options: OpenDatabaseOptions): OpenDatabase => {
  const { busyTimeoutMs: timeout = BUSY_TIMEOUT_MS, migrations } = options
  refuseNetworkFileSystem(file)
  const { fresh, mode } = inspectFile(file)
  // SQLite gives its -wal and -shm files the mode of the database.
  if (fresh) closeSync(openSync(file, 'a', 0o600))
  if ((mode & 0o077) !== 0) chmodSync(file, 0o600)
  const db = new BetterSqlite(file, { fileMustExist: true, timeout })
  try {
    if (fresh) {
      // In this order: auto_vacuum holds only before the first page, and the id must be in the
      // file's own header, not in a WAL (see inspect.ts).
      db.pragma('auto_vacuum = INCREMENTAL')
      db.pragma(`application_id = ${APPLICATION_ID}`)
    }
    requireKnownSchema(db, migrations.length)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma(`cache_size = -${CACHE_KIB}`)
    return { db, migrated: migrate(db, options) }
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens a database, or throws one of the classes of `errors.ts`. */
export const openDatabase = (options: OpenDatabaseOptions): OpenDatabase =>
  withStoreErrors(options.file, () =>
    options.readonly === true
      ? openToRead(options.file, options)
      : openToWrite(options.file, options),
  )

// Opens the file of the index: made where there is none, thrown away and made again where it is damaged
// or of another schema, left alone where another program made it.
import BetterSqlite, { type Database } from 'better-sqlite3'
import { closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs'
import { CorruptDatabaseError, ForeignDatabaseError } from '../database/errors.ts'
import { toStoreError, withStoreErrors } from '../database/fault.ts'
import { refuseNetworkFileSystem } from '../database/inspect.ts'
import { INDEX_APPLICATION_ID, INDEX_SCHEMA, indexSchema } from './schema.ts'

const HEADER_BYTES = 100
const APPLICATION_ID_OFFSET = 68

const removeFiles = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
}

// From the file's own header: SQLite would already recover another program's WAL.
const refuseForeign = (file: string): void => {
  if (!existsSync(file)) return
  const header = Buffer.alloc(HEADER_BYTES)
  const fd = openSync(file, 'r')
  try {
    if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return
  } finally {
    closeSync(fd)
  }
  if (header.toString('latin1', 0, 15) !== 'SQLite format 3') return
  const applicationId = header.readUInt32BE(APPLICATION_ID_OFFSET)
  if (applicationId !== INDEX_APPLICATION_ID) throw new ForeignDatabaseError(file, applicationId)
}

const openOnce = (file: string): Database => {
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600))
  const db = new BetterSqlite(file, { fileMustExist: true, timeout: 2_000 })
  try {
    const schema = db.pragma('user_version', { simple: true }) as number
    if (schema === 0) {
      db.pragma('auto_vacuum = INCREMENTAL')
      db.pragma(`application_id = ${INDEX_APPLICATION_ID}`)
    }
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    if (schema === 0) {
      db.transaction(() => {
        db.exec(indexSchema)
        db.pragma(`user_version = ${INDEX_SCHEMA}`)
      })()
    } else if (schema !== INDEX_SCHEMA) {
      throw new CorruptDatabaseError(`${file} has schema ${schema}`, file)
    } else {
      // What is damaged at all is as a rule damaged here: the root of the words.
      db.prepare("select count(*) from words where words match 'a'").get()
      db.prepare('select max(id) from documents').get()
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens it; `made`: there was none that could be used. */
export const openIndexFile = (file: string): { db: Database; made: boolean } =>
  withStoreErrors(file, () => {
    refuseNetworkFileSystem(file)
    refuseForeign(file)
    const existed = existsSync(file)
    try {
      return { db: openOnce(file), made: !existed }
    } catch (error) {
      if (!(toStoreError(error, file) instanceof CorruptDatabaseError)) throw error
      removeFiles(file)
      return { db: openOnce(file), made: true }
    }
  })

/** Throws an index away that nobody has open. */
export const removeSearchIndex = (file: string): void =>
  withStoreErrors(file, () => {
    refuseForeign(file)
    removeFiles(file)
  })

// A copy of a registry, of whatever schema, also while its daemon runs: one snapshot, private, and
// only kept when SQLite finds it sound.
import BetterSqlite from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { copyInto } from '../database/copy.ts'
import { DatabaseAccessError, ExistingFileError } from '../database/errors.ts'
import { withStoreErrors } from '../database/fault.ts'
import { inspectFile } from '../database/inspect.ts'

/** Copies `file` to the free path `to`, mode 0600. Throws the classes of `StoreError`. */
export const backupRegistry = ({ file, to }: { file: string; to: string }): void =>
  withStoreErrors(file, () => {
    if (!existsSync(file)) throw new DatabaseAccessError(`there is no registry at ${file}`, file)
    if (existsSync(to)) throw new ExistingFileError(to)
    inspectFile(file)
    const db = new BetterSqlite(file, { readonly: true, fileMustExist: true })
    try {
      withStoreErrors(to, () => copyInto(db, to))
    } finally {
      db.close()
    }
  })

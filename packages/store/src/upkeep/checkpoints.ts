// Checkpoints: pages of the WAL go to the file of the database, and the disk has both. SQLite makes one
// in the commit that brings the WAL to so many pages, some 10 ms; a connection of another thread can make
// them without anybody waiting.
import BetterSqlite, { type Database } from 'better-sqlite3'
import { withStoreErrors } from '../database/fault.ts'

/** The WAL of the connection that writes. */
export type Wal = {
  /** Pages that are not in the database yet. */
  pages(): number
  /** From so many pages in the WAL on, the connection that writes makes the checkpoint in its commit. */
  checkpointAt(pages: number): void
}

type Checkpoint = { busy: number; log: number; checkpointed: number }

/** The WAL on a database. */
export const makeWal = (db: Database): Wal => {
  const look = db.prepare<[], Checkpoint>('PRAGMA wal_checkpoint(NOOP)')
  return {
    pages: () =>
      withStoreErrors(db.name, () => {
        const { log = 0, checkpointed = 0 } = look.get() ?? {}
        return log - checkpointed
      }),
    checkpointAt: (pages) =>
      withStoreErrors(db.name, () => void db.pragma(`wal_autocheckpoint = ${Math.trunc(pages)}`)),
  }
}

/** Makes checkpoints for another connection. */
export type Checkpointer = Disposable & {
  /** What is in the WAL goes to the database, as far as nobody reads it; nobody waits for it. */
  run(): void
}

/** Opens a connection for checkpoints; the registry must be open elsewhere. */
export const openCheckpointer = (file: string): Checkpointer =>
  withStoreErrors(file, () => {
    const db = new BetterSqlite(file, { fileMustExist: true, timeout: 0 })
    return {
      run: () => withStoreErrors(file, () => void db.pragma('wal_checkpoint(PASSIVE)')),
      [Symbol.dispose]: () => void db.close(),
    }
  })

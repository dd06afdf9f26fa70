// One daemon a home: an exclusive SQLite transaction on `<registry>.lock`. Node has no flock; SQLite's
// lock is held while we are stopped and is free at once after kill -9. The file is opened by nothing
// else: opening it again in this process would drop the lock.
import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'

const isBusy = (error: unknown): boolean =>
  error instanceof Error && /^SQLITE_(BUSY|LOCKED)/.test((error as { code?: string }).code ?? '')

/** Takes the home's lock, or null where another daemon has it. Disposing gives it back. */
export const acquireLock = (path: string): Disposable | null => {
  const database = new Database(path, { timeout: 0 })
  try {
    chmodSync(path, 0o600)
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
  return {
    [Symbol.dispose]() {
      database.close()
    },
  }
}

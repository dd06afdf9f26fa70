// The full-text index of lanes' items: a file of its own, because it can be made again and is not worth
// a place in backups. One connection writes and reads it; whoever has that one is alone with the file.
import { withStoreErrors } from '../database/fault.ts'
import { makeTransactions, type Transactions } from '../database/transaction.ts'
import { type IndexReader, makeIndexReader } from './index-reader.ts'
import { type IndexThreads, makeIndexThreads } from './index-threads.ts'
import { type IndexWriter, makeIndexWriter } from './index-writer.ts'
import { openIndexFile } from './open-index.ts'

/** The index of one home. */
export type SearchIndex = Disposable &
  IndexWriter &
  IndexReader & {
    readonly file: string
    /** Whether it was made by this opening. */
    readonly made: boolean
    readonly threads: IndexThreads
    transaction: Transactions['transaction']
    /** Gives free pages back to the disk. */
    shrink(): void
  }

/**
 * Opens the index; makes it where there is none, and again where it is damaged or of another schema.
 * Throws the classes of `StoreError`; another program's database is never touched.
 */
export const openSearchIndex = (file: string): SearchIndex => {
  const { db, made } = openIndexFile(file)
  const threads = makeIndexThreads(db)
  const { transaction } = makeTransactions(db)
  const writer = makeIndexWriter(db, threads)
  const reader = makeIndexReader(db, threads)
  return {
    file,
    made,
    threads,
    ...writer,
    page: (asked) => withStoreErrors(file, () => reader.page(asked)),
    transaction: (fn) => {
      try {
        return transaction(fn)
      } catch (error) {
        writer.countAgain()
        throw error
      }
    },
    shrink: () => void withStoreErrors(file, () => db.pragma('incremental_vacuum')),
    [Symbol.dispose]: () => {
      if (!db.open) return
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    },
  }
}

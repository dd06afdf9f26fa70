// Transactions of the one connection: synchronous, joined when nested, durable where asked.
//   none -> plain | durable -> none; inside plain: plain joins, durable is refused; inside durable: both join.
// What throws inside dooms the whole, also when a caller in between catches it: no half commit.
import type { Database } from 'better-sqlite3'
import { toStoreError } from './fault.ts'

/** Runs functions in transactions. */
export type Transactions = {
  transaction<T>(fn: () => T): T
  durable<T>(fn: () => T): T
  inTransaction(): boolean
}

const isAsync = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const refuseAsync = (): never => {
  throw new TypeError('a transaction is synchronous: nothing may be awaited in it')
}

/**
 * Transactions on a database. `takenBack` is called after one that failed, also where it cannot be
 * rolled back.
 */
export const makeTransactions = (db: Database, takenBack: () => void = () => {}): Transactions => {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  let mode: 'none' | 'plain' | 'durable' = 'none'
  let doom: { error: unknown } | null = null

  const call = <T>(fn: () => T): T => {
    if (fn.constructor.name === 'AsyncFunction') refuseAsync()
    const result = fn()
    return isAsync(result) ? refuseAsync() : result
  }

  const join = <T>(fn: () => T): T => {
    try {
      return call(fn)
    } catch (error) {
      doom ??= { error }
      throw error
    }
  }

  const throwDoom = (): void => {
    if (doom !== null) throw doom.error
  }

  const run = <T>(kind: 'plain' | 'durable', fn: () => T): T => {
    begin.run()
    mode = kind
    doom = null
    let isCommitted = false
    try {
      const result = call(fn)
      throwDoom()
      commit.run()
      isCommitted = true
      return result
    } finally {
      mode = 'none'
      // Before the rollback, which may throw too: nobody reads in between.
      if (!isCommitted) takenBack()
      // SQLite ends the transaction itself on some faults, a full disk among them.
      if (db.inTransaction) rollback.run()
    }
  }

  const guarded = <T>(fn: () => T): T => {
    try {
      return fn()
    } catch (error) {
      throw toStoreError(error, db.name)
    }
  }

  return {
    inTransaction: () => mode !== 'none',
    transaction: (fn) => guarded(() => (mode === 'none' ? run('plain', fn) : join(fn))),
    durable: (fn) =>
      guarded(() => {
        if (mode === 'durable') return join(fn)
        if (mode === 'plain')
          throw new Error('a durable transaction cannot begin inside a plain one')
        // This pragma acts when it is compiled, so a cached statement would do nothing; and inside a
        // transaction it throws.
        db.exec('PRAGMA synchronous = FULL')
        try {
          return run('durable', fn)
        } finally {
          db.exec('PRAGMA synchronous = NORMAL')
        }
      }),
  }
}

// A small answer that is read from a table and kept until that table changes. The repository of the
// table says when it does. Not kept from inside a transaction, which may yet be rolled back, nor on a
// connection that only reads, because another one writes then.
import type { Connection } from './connection.ts'

/** The answer, and the word that it holds no more. */
export type Kept<T> = { get(): T; changed(): void }

/** Keeps what `read` gives. */
export const makeKept = <T extends object>(
  { readonly, inTransaction, kept }: Pick<Connection, 'readonly' | 'inTransaction' | 'kept'>,
  read: () => T,
): Kept<T> => {
  let known: T | null = null
  const changed = (): void => {
    known = null
  }
  kept.add(changed)
  return {
    get: () => {
      if (readonly || inTransaction()) return read()
      known ??= read()
      return { ...known }
    },
    changed,
  }
}

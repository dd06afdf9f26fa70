// Rows of a table that are asked for again and again, kept until they change. The repository of the table
// says when they do; a transaction that is rolled back, and who writes past the repository, have all
// forgotten. Frozen, because everybody gets the same one. Not kept on a connection that only reads.
import type { Connection } from './connection.ts'

/** Rows by their key. */
export type KeptRows<Row> = {
  /** The row, or null where there is none. */
  get(key: string): Row | null
  /** These fields of it were written as they stand here. */
  patched(key: string, patch: Partial<Row>): void
  /** It was written, and is read again. */
  changed(key: string): void
}

/** Rows that are kept at most. */
const ROWS = 1_024

const isGiven = ([, value]: [string, unknown]): boolean => value !== undefined

/** Keeps what `read` gives. */
export const makeKeptRows = <Row extends object>(
  { readonly, kept }: Pick<Connection, 'readonly' | 'kept'>,
  read: (key: string) => Row | null,
): KeptRows<Row> => {
  const rows = new Map<string, Row>()
  kept.add(() => rows.clear())

  const get = (key: string): Row | null => {
    const known = rows.get(key)
    if (known !== undefined) return known
    const row = read(key)
    if (row === null || readonly) return row
    if (rows.size >= ROWS) rows.clear()
    rows.set(key, Object.freeze(row))
    return row
  }

  return {
    get,
    patched: (key, patch) => {
      const known = rows.get(key)
      if (known === undefined) return
      const given = Object.fromEntries(Object.entries(patch).filter(isGiven))
      rows.set(key, Object.freeze({ ...known, ...given }))
    },
    changed: (key) => void rows.delete(key),
  }
}

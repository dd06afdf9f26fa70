// Rows of a table that are asked for again and again, kept until they change. The repository of the
// table says when they do; a transaction that is rolled back, and who writes past the repository,
// have all forgotten. Frozen to the ground, because everybody gets the same one. Not kept on a
// connection that only reads. Bounded: 1,024 rows at most, of some 8,000 characters each.
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

/** Rows that are kept at most; beyond, the oldest goes. */
const ROWS = 1_024
/** Characters of all texts of a row that is kept: one with a long message is read each time. */
const TEXT_MAX = 8_192
/** Characters of a text that is patched into it. */
const PATCH_MAX = 256

const isGiven = ([, value]: [string, unknown]): boolean => value !== undefined

// JSON is the caller's, and what the table has of it may differ; a long text may be too much for
// the row.
const isPlain = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.length <= PATCH_MAX
    : typeof value !== 'object' || value === null

const textOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, part) => sum + textOf(part), 0)
}

const freeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}

/** Keeps what `read` gives. */
export const makeKeptRows = <Row extends object>(
  { readonly, kept }: Pick<Connection, 'readonly' | 'kept'>,
  read: (key: string) => Row | null,
): KeptRows<Row> => {
  const rows = new Map<string, Row>()
  kept.add(() => rows.clear())

  const leaveOldest = (): void => {
    for (const key of rows.keys()) {
      if (rows.size < ROWS) return
      rows.delete(key)
    }
  }

  const get = (key: string): Row | null => {
    const known = rows.get(key)
    if (known !== undefined) return known
    const row = read(key)
    if (row === null || readonly) return row
    // Frozen, kept or not: who changes one is to find out with each.
    freeze(row)
    if (textOf(row) > TEXT_MAX) return row
    leaveOldest()
    rows.set(key, row)
    return row
  }

  return {
    get,
    patched: (key, patch) => {
      const known = rows.get(key)
      if (known === undefined) return
      const given = Object.entries(patch).filter(isGiven)
      if (given.every(([, value]) => isPlain(value))) {
        rows.set(key, Object.freeze({ ...known, ...Object.fromEntries(given) }))
      } else rows.delete(key)
    },
    changed: (key) => void rows.delete(key),
  }
}

// Between a row and its columns: JSON and flags, the rest as it is.
import type { Columns } from './tables.ts'

/** Turns rows into columns and back. */
export type Codec<Row> = {
  encode(part: Partial<Row>): Record<string, string | number | null>
  /** Takes a fresh row of the driver and changes it in place: a copy of 20 fields costs more than the read. */
  decode(columns: Columns<Row>): Row
}

/** Names the fields that are not stored as they are. */
export const makeCodec = <Row extends object>(fields: {
  json?: readonly (keyof Row & string)[]
  flags?: readonly (keyof Row & string)[]
}): Codec<Row> => {
  const { json = [], flags = [] } = fields
  const jsonNames = new Set<string>(json)
  return {
    encode: (part) => {
      const columns: Record<string, string | number | null> = {}
      for (const [name, value] of Object.entries<unknown>(part)) {
        if (value === undefined) continue
        if (value === null) columns[name] = null
        else if (jsonNames.has(name)) columns[name] = JSON.stringify(value)
        else columns[name] = typeof value === 'boolean' ? Number(value) : (value as string | number)
      }
      return columns
    },
    decode: (columns) => {
      const row = columns as Record<string, unknown>
      for (const name of json) {
        const text = row[name]
        if (typeof text === 'string') row[name] = JSON.parse(text)
      }
      for (const name of flags) row[name] = row[name] === 1
      return row as Row
    },
  }
}

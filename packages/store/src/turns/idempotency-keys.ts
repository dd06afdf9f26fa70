// Keys that callers give to requests, so that one made again is the same one: which call a key stands
// for, and the hash of what was asked. Kept as long as the registry.
import type { Connection } from '../database/connection.ts'
import type { IdempotencyKeyRow } from './idempotency-key-row.ts'

/** Repository of the keys. */
export type IdempotencyKeys = {
  get(key: string): IdempotencyKeyRow | null
  /** Throws `UniqueError` when the key is taken. */
  insert(row: IdempotencyKeyRow): void
  delete(key: string): void
}

/** The keys on a connection. */
export const makeIdempotencyKeys = ({ sql, statement }: Connection): IdempotencyKeys => {
  const byKey = statement<{ key: string }>()((slot) =>
    sql.selectFrom('idempotencyKeys').selectAll().where('key', '=', slot('key')),
  )
  const insert = statement<IdempotencyKeyRow>()((slot) =>
    sql.insertInto('idempotencyKeys').values({
      key: slot('key'),
      inputHash: slot('inputHash'),
      callId: slot('callId'),
      at: slot('at'),
    }),
  )
  const remove = statement<{ key: string }>()((slot) =>
    sql.deleteFrom('idempotencyKeys').where('key', '=', slot('key')),
  )
  return {
    get: (key) => byKey.get({ key }) ?? null,
    insert: (row) => void insert.run(row),
    delete: (key) => void remove.run({ key }),
  }
}

// Keys that callers give to requests, so that one made again is the same one: which call a key stands
// for, and the hash of what was asked. Bounded in age and in number; one whose message is still on its way
// or waits is kept.
import { sql as raw } from 'kysely'
import type { Connection } from '../database/connection.ts'
import type { IdempotencyKeyRow } from './idempotency-key-row.ts'

/** Repository of the keys. */
export type IdempotencyKeys = {
  get(key: string): IdempotencyKeyRow | null
  /** Throws `UniqueError` when the key is taken. */
  insert(row: IdempotencyKeyRow): void
  delete(key: string): void
  /** Deletes a slice of what is too old, or beyond the newest `maxRows`; how many. */
  prune(retention: { olderThan: number; maxRows: number; slice: number }): number
}

const isUnsettled = raw<boolean>`deliveries.state in ('queued', 'submitting', 'ambiguous')`

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
  // By the index on their age, from its ends: nothing reads all of them but to count past the newest.
  const ageOfLast = statement<{ maxRows: number }>()((slot) =>
    sql
      .selectFrom('idempotencyKeys')
      .select('at')
      .orderBy('at', 'desc')
      .limit(1)
      .offset(slot('maxRows')),
  )
  const prune = statement<{ olderThan: number; slice: number }>()((slot) =>
    sql.deleteFrom('idempotencyKeys').where('key', 'in', (of) =>
      of
        .selectFrom('idempotencyKeys')
        .select('key')
        .where('at', '<', slot('olderThan'))
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('deliveries')
                .select('id')
                .whereRef('deliveries.id', '=', 'idempotencyKeys.callId')
                .where(isUnsettled),
            ),
          ),
        )
        .orderBy('at')
        .limit(slot('slice')),
    ),
  )
  return {
    prune: ({ olderThan, maxRows, slice }) => {
      const last = ageOfLast.get({ maxRows })?.at ?? 0
      return prune.run({ olderThan: Math.max(olderThan, last + 1), slice })
    },
    get: (key) => byKey.get({ key }) ?? null,
    insert: (row) => void insert.run(row),
    delete: (key) => void remove.run({ key }),
  }
}

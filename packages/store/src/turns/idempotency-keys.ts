// Keys that callers give to requests, so that one made again is the same one: which call a key stands
// for, and the hash of what was asked. Bounded in age and in number; one whose message is still on its way
// or waits, as itself or as what tries it again, is kept.
import { sql as raw } from 'kysely'
import type { Connection } from '../database/connection.ts'
import type { IdempotencyKeyRow } from './idempotency-key-row.ts'

/** Repository of the keys. */
export type IdempotencyKeys = {
  get(key: string): IdempotencyKeyRow | null
  /** Throws `UniqueError` when the key is taken. */
  insert(row: IdempotencyKeyRow): void
  delete(key: string): void
  /** Deletes a slice of what is too old, or beyond the newest `maxRows`, and no younger than `keptFrom`; how many. */
  prune(retention: { olderThan: number; maxRows: number; keptFrom: number; slice: number }): number
}

// A row a try: as many as `[retry]` allows, each found by the one that it does again.
const isUnderWay = raw<boolean>`exists (
  with recursive tries (id) as (
    select idempotencyKeys.callId
    union
    select again.id from deliveries as again join tries on again.retryOf = tries.id
  )
  select 1 from tries join deliveries on deliveries.id = tries.id
  where deliveries.state in ('queued', 'submitting', 'ambiguous')
)`

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
        .where(({ not }) => not(isUnderWay))
        .orderBy('at')
        .limit(slot('slice')),
    ),
  )
  return {
    prune: ({ olderThan, maxRows, keptFrom, slice }) => {
      const last = ageOfLast.get({ maxRows })?.at ?? 0
      const tooOld = Math.max(olderThan, last + 1)
      return prune.run({ olderThan: Math.min(tooOld, keptFrom), slice })
    },
    get: (key) => byKey.get({ key }) ?? null,
    insert: (row) => void insert.run(row),
    delete: (key) => void remove.run({ key }),
  }
}

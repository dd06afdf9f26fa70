// The items that dispatch itself saw.
import { sql as raw } from 'kysely'
import type { Connection } from '../database/connection.ts'
import { makeVariants } from '../database/variants.ts'
import type { ItemListQuery, ItemRow, ItemUpsert } from './item-row.ts'

/** Repository of the items. */
export type Items = {
  /** Writes an item whole; one that is there keeps its ordinal, and its `startedAt` where none is given. */
  upsert(item: ItemUpsert): void
  get(threadId: string, turnId: string, id: string): ItemRow | null
  /** The newest item of that type in a turn. */
  lastOfTurn(threadId: string, turnId: string, type: string): ItemRow | null
  /** The newest items that fit the query, in ascending order. */
  list(threadId: string, query: ItemListQuery): ItemRow[]
}

type ListSlots = { threadId: string; limit: number; types: string; before: number }

/** Threads whose last ordinal is kept in mind. */
const THREADS = 1_024

/** The items on a connection. */
export const makeItems = ({ sql, statement }: Connection): Items => {
  const insert = statement<ItemUpsert & { ordinal: number }>()((slot) =>
    sql
      .insertInto('items')
      .values({
        threadId: slot('threadId'),
        id: slot('id'),
        turnId: slot('turnId'),
        type: slot('type'),
        text: slot('text'),
        status: slot('status'),
        startedAt: slot('startedAt'),
        completedAt: slot('completedAt'),
        ordinal: slot('ordinal'),
      })
      .onConflict((conflict) => conflict.columns(['threadId', 'turnId', 'id']).doNothing()),
  )
  const update = statement<ItemUpsert>()((slot) =>
    sql
      .updateTable('items')
      .set({
        type: slot('type'),
        text: slot('text'),
        status: slot('status'),
        startedAt: ({ fn, ref, val }) => fn.coalesce(val(slot('startedAt')), ref('startedAt')),
        completedAt: slot('completedAt'),
      })
      .where('threadId', '=', slot('threadId'))
      .where('turnId', '=', slot('turnId'))
      .where('id', '=', slot('id')),
  )
  const newest = statement<{ threadId: string }>()((slot) =>
    sql
      .selectFrom('items')
      .select('ordinal')
      .where('threadId', '=', slot('threadId'))
      .orderBy('ordinal', 'desc')
      .limit(1),
  )
  const byId = statement<{ threadId: string; turnId: string; id: string }>()((slot) =>
    sql
      .selectFrom('items')
      .selectAll()
      .where('threadId', '=', slot('threadId'))
      .where('turnId', '=', slot('turnId'))
      .where('id', '=', slot('id')),
  )
  const last = statement<{ threadId: string; turnId: string; type: string }>()((slot) =>
    sql
      .selectFrom('items')
      .selectAll()
      .where('threadId', '=', slot('threadId'))
      .where('turnId', '=', slot('turnId'))
      .where('type', '=', slot('type'))
      .orderBy('ordinal', 'desc')
      .limit(1),
  )
  const lists = makeVariants((shape: { types: boolean; before: boolean }) =>
    statement<ListSlots>()((slot) => {
      let query = sql
        .selectFrom('items')
        .selectAll()
        .where('threadId', '=', slot('threadId'))
        .orderBy('ordinal', 'desc')
        .limit(slot('limit'))
      if (shape.before) query = query.where('ordinal', '<', slot('before'))
      if (!shape.types) return query
      return query.where(raw<boolean>`type in (select value from json_each(${slot('types')}))`)
    }),
  )
  // The last ordinal of threads whose items come now: read within each insert it took more than twice as
  // long as the insert. Items that are taken out, or back, leave a hole.
  const ordinals = new Map<string, number>()
  const upsert = (item: ItemUpsert): void => {
    const { threadId } = item
    const ordinal = (ordinals.get(threadId) ?? newest.get({ threadId })?.ordinal ?? 0) + 1
    const isNew = insert.run({ ...item, ordinal }) > 0
    if (!isNew) update.run(item)
    if (ordinals.size >= THREADS && !ordinals.has(threadId)) ordinals.clear()
    ordinals.set(threadId, isNew ? ordinal : ordinal - 1)
  }
  return {
    upsert,
    get: (threadId, turnId, id) => byId.get({ threadId, turnId, id }) ?? null,
    lastOfTurn: (threadId, turnId, type) => last.get({ threadId, turnId, type }) ?? null,
    list: (threadId, { limit, types = null, beforeOrdinal = null }) =>
      lists({ types: types !== null, before: beforeOrdinal !== null })
        .all({ threadId, limit, types: JSON.stringify(types), before: beforeOrdinal ?? 0 })
        .toReversed(),
  }
}

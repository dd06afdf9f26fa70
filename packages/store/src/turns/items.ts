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

/** The items on a connection. */
export const makeItems = ({ sql, statement }: Connection): Items => {
  const upsert = statement<ItemUpsert>()((slot) =>
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
        ordinal: raw<number>`(select ifnull(max(ordinal), 0) + 1 from items where threadId = ${slot('threadId')})`,
      })
      .onConflict((conflict) =>
        conflict.columns(['threadId', 'turnId', 'id']).doUpdateSet((eb) => ({
          type: eb.ref('excluded.type'),
          text: eb.ref('excluded.text'),
          status: eb.ref('excluded.status'),
          startedAt: eb.fn.coalesce('excluded.startedAt', 'items.startedAt'),
          completedAt: eb.ref('excluded.completedAt'),
        })),
      ),
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
  return {
    upsert: (item) => void upsert.run(item),
    get: (threadId, turnId, id) => byId.get({ threadId, turnId, id }) ?? null,
    lastOfTurn: (threadId, turnId, type) => last.get({ threadId, turnId, type }) ?? null,
    list: (threadId, { limit, types = null, beforeOrdinal = null }) =>
      lists({ types: types !== null, before: beforeOrdinal !== null })
        .all({ threadId, limit, types: JSON.stringify(types), before: beforeOrdinal ?? 0 })
        .toReversed(),
  }
}

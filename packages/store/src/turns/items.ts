// The items that dispatch itself saw.
import type { ItemListQuery, ItemRow, ItemUpsert } from './item-row.ts'

/** Repository of the items. */
export type Items = {
  /** Writes an item whole; one that is there keeps its ordinal, and its `startedAt` where none is given. */
  upsert(item: ItemUpsert): void
  get(threadId: string, id: string): ItemRow | null
  /** The newest items that fit the query, in ascending order. */
  list(threadId: string, query: ItemListQuery): ItemRow[]
}

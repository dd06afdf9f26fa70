// An item of a transcript as the registry keeps it: readable text, bounded by who writes it.

/** One row of `items`; times in epoch ms. */
export type ItemRow = {
  threadId: string
  turnId: string
  /** Unique within its turn only. */
  id: string
  type: string
  text: string
  status: string | null
  startedAt: number | null
  completedAt: number | null
  /** Position in the thread, ascending; given at the first insert and kept. */
  ordinal: number
}

/** An item to write. */
export type ItemUpsert = Omit<ItemRow, 'ordinal'>

/** Which items of a thread to read. */
export type ItemListQuery = {
  limit: number
  types?: readonly string[] | null
  /** Only items before that position. */
  beforeOrdinal?: number | null
}

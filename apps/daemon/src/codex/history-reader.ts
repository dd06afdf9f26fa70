// Reads a thread's history page by page, in our words.
import type { CodexClient } from '@dispatch/codex-client'
import type { ItemFact, TurnFact } from './fact.ts'
import { itemToFact } from './translate-item.ts'
import { turnToFact } from './translate-turn.ts'

/** An item of the history and the turn that it is part of. */
export type HistoryItem = ItemFact & { turnId: string }

/** Which page of items: of the thread, or of one turn of it. */
export type ItemsQuery = {
  threadId: string
  turnId?: string
  /** `nextCursor` of the page before. */
  cursor: string | null
  /** At most 100: Codex's own bound. */
  limit: number
  order: 'asc' | 'desc'
}

/** A page, and the cursor of the next one, or null. */
export type Page<T> = { data: T[]; nextCursor: string | null }

/** Reads histories; works on threads that are not loaded, too. */
export type HistoryReader = {
  items(client: CodexClient, query: ItemsQuery): Promise<Page<HistoryItem>>
  /** Newest first, from that cursor on; null for the newest. */
  turns(client: CodexClient, threadId: string, cursor: string | null): Promise<Page<TurnFact>>
}

const TURNS_PAGE = 50

/** Makes a reader of histories; `timeoutMs` is how long it waits for a page, Codex's usual time when absent. */
export const makeHistoryReader = (limits: { timeoutMs?: number } = {}): HistoryReader => ({
  items: async (client, { threadId, turnId, cursor, limit, order }) => {
    const params = {
      threadId,
      cursor,
      limit,
      sortDirection: order,
      ...(turnId === undefined ? {} : { turnId }),
    }
    const page = await client.request('thread/items/list', params, limits)
    const data = page.data.flatMap((entry): HistoryItem[] => {
      const item = itemToFact(entry.item)
      if (!item) return []
      const startedAt = item.startedAt ?? entry.startedAtMs
      const completedAt = item.completedAt ?? entry.completedAtMs
      return [{ ...item, turnId: entry.turnId, startedAt, completedAt }]
    })
    return { data, nextCursor: page.nextCursor }
  },
  turns: async (client, threadId, cursor) => {
    const params = { threadId, cursor, limit: TURNS_PAGE, itemsView: 'notLoaded' as const }
    const page = await client.request('thread/turns/list', params, limits)
    return {
      data: page.data.flatMap((turn) => turnToFact(turn) ?? []),
      nextCursor: page.nextCursor,
    }
  },
})

/** Reads histories. */
export const historyReader: HistoryReader = makeHistoryReader()

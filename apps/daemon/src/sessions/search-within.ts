// Finds a text within one thread: by Codex's own search of messages where the thread's history is paged,
// else by reading its items, from Codex or (for a thread that Codex keeps nothing of) from the registry.
import type { CodexClient } from '@dispatch/codex-client'
import type { Store } from '@dispatch/store'
import type { HistoryItem, Page } from '../codex/history-reader.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import type { Occurrence, ThreadReader } from '../codex/thread-reader.ts'
import { scanPages, type Scanned } from './scan.ts'

/** One place. */
export type Hit = { turnId: string | null; itemId: string | null; snippet: string }

/** What to look for, and how far. */
export type WithinQuery = { text: string; cursor: string | null; limit: number; maxScan: number }

/** Finds a text within a thread, each item once. */
export type SearchWithin = (
  client: CodexClient,
  thread: ThreadFact,
  query: WithinQuery,
) => Promise<Scanned<Hit>>

type Readable = { id: string; turnId: string | null; text: string }

const AROUND = 80

/** The text around the first match, in one line; null where there is none. */
const snippetOf = (text: string, wanted: string): string | null => {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase())
  if (at < 0) return null
  const from = Math.max(0, at - AROUND)
  const to = at + wanted.length + AROUND
  const cut = text.slice(from, to).replace(/\s+/g, ' ').trim()
  return `${from > 0 ? '\u2026' : ''}${cut}${to < text.length ? '\u2026' : ''}`
}

/** Makes the search within threads. */
export const makeSearchWithin = (options: {
  store: Store
  threads: ThreadReader
}): SearchWithin => {
  const { store, threads } = options

  const byOccurrence = (
    client: CodexClient,
    threadId: string,
    { text, ...bounds }: WithinQuery,
  ): Promise<Scanned<Hit>> => {
    const seen = new Set<string>()
    return scanPages<Occurrence>({
      ...bounds,
      page: (cursor, limit) => threads.occurrences(client, { threadId, text, cursor, limit }),
      idOf: ({ itemId }) => itemId,
      fits: ({ itemId }) => !seen.has(itemId) && seen.add(itemId).has(itemId),
    })
  }

  const byReading = async (
    page: (cursor: string | null) => Promise<Page<Readable>>,
    { text, ...bounds }: WithinQuery,
  ): Promise<Scanned<Hit>> => {
    const { found, ...rest } = await scanPages<Readable>({
      ...bounds,
      page,
      idOf: ({ id }) => id,
      fits: (item) => snippetOf(item.text, text) !== null,
    })
    const hits = found.map(({ id, turnId, text: whole }) => ({
      itemId: id,
      turnId,
      snippet: snippetOf(whole, text) ?? '',
    }))
    return { found: hits, ...rest }
  }

  const fromRegistry = (threadId: string, limit: number): Page<Readable> => ({
    data: store.items.list(threadId, { limit, types: null, beforeOrdinal: null }).toReversed(),
    nextCursor: null,
  })

  return async (client, thread, query) => {
    if (thread.ephemeral) {
      return byReading(() => Promise.resolve(fromRegistry(thread.id, query.maxScan)), query)
    }
    if (thread.paged) return byOccurrence(client, thread.id, query)
    const page = (cursor: string | null): Promise<Page<HistoryItem>> =>
      threads.unpagedItems(client, thread.id, cursor)
    return byReading(page, query)
  }
}

// Reads threads themselves (not their items) from Codex, in our words. Loads none.
import type { CodexClient } from '@dispatch/codex-client'
import type { HistoryItem, Page } from './history-reader.ts'
import { itemToFact } from './translate-item.ts'
import type { ThreadFact } from './thread-fact.ts'
import { threadToFact } from './translate-thread.ts'

/** Which page of threads. */
export type ThreadsQuery = {
  /** `nextCursor` of the page before. */
  cursor: string | null
  /** At most 100: Codex's own bound. */
  limit: number
  subagents: boolean
}

/** Which page of threads that have some text. */
export type ThreadSearchQuery = ThreadsQuery & {
  text: string
  sort: 'created_at' | 'updated_at'
  ascending: boolean
  archived: boolean
}

/** A thread with the place where the text was found. */
export type FoundThread = { thread: ThreadFact; snippet: string }

/** A message that has some text. */
export type Occurrence = { turnId: string; itemId: string; snippet: string }

/** Reads threads. */
export type ThreadReader = {
  /** One thread, without its history; null for an answer that is none. */
  read(client: CodexClient, threadId: string, timeoutMs?: number): Promise<ThreadFact | null>
  /** Last updated first, from Codex's database alone: no rollout file is looked at. */
  list(client: CodexClient, query: ThreadsQuery & { cwd: string | null }): Promise<Page<ThreadFact>>
  /** A page may begin with entries that were the end of the one before. */
  search(client: CodexClient, query: ThreadSearchQuery): Promise<Page<FoundThread>>
  /** Messages of one thread that have that text, in either case, oldest first. */
  occurrences(
    client: CodexClient,
    query: { threadId: string; text: string; cursor: string | null; limit: number },
  ): Promise<Page<Occurrence>>
  /** Items of a thread whose history Codex does not page item by item, newest turn first. */
  unpagedItems(
    client: CodexClient,
    threadId: string,
    cursor: string | null,
  ): Promise<Page<HistoryItem>>
}

/** Turns come with all their items: few at once. */
const TURNS_PAGE = 20

// Codex takes an empty list for "interactive sources", which leaves out codex exec.
const people = ['cli', 'vscode', 'exec', 'appServer', 'unknown'] as const
const subagents = [
  'subAgent',
  'subAgentReview',
  'subAgentCompact',
  'subAgentThreadSpawn',
  'subAgentOther',
] as const

/**
 * Codex 0.169 cuts the time in a search's cursor to whole seconds when it sorts by creation, and so
 * passes by what was made in the same second. The end of that second brings them all, and what has been
 * there already.
 */
const wholeSecond = (cursor: string | null): string | null => {
  const [time = '', ...rest] = cursor?.split('|') ?? []
  const at = Date.parse(time)
  if (cursor === null || Number.isNaN(at) || rest.length === 0) return cursor
  return [new Date(at + 999).toISOString(), ...rest].join('|')
}

const sourceKinds = (query: ThreadsQuery) => (query.subagents ? [...people, ...subagents] : people)

/** Reads threads. */
export const threadReader: ThreadReader = {
  read: async (client, threadId, timeoutMs) => {
    const params = { threadId, includeTurns: false }
    const options = timeoutMs === undefined ? {} : { timeoutMs }
    const { thread } = await client.request('thread/read', params, options)
    return threadToFact(thread)
  },
  list: async (client, query) => {
    const page = await client.request('thread/list', {
      cursor: query.cursor,
      limit: query.limit,
      sortKey: 'updated_at',
      sortDirection: 'desc',
      sourceKinds: [...sourceKinds(query)],
      modelProviders: [],
      archived: false,
      useStateDbOnly: true,
      ...(query.cwd === null ? {} : { cwd: query.cwd }),
    })
    return {
      data: page.data.flatMap((thread) => threadToFact(thread) ?? []),
      nextCursor: page.nextCursor,
    }
  },
  search: async (client, query) => {
    const page = await client.request('thread/search', {
      searchTerm: query.text,
      cursor: query.cursor,
      limit: query.limit,
      sortKey: query.sort,
      sortDirection: query.ascending ? 'asc' : 'desc',
      sourceKinds: [...sourceKinds(query)],
      archived: query.archived,
    })
    const data = page.data.flatMap((found): FoundThread[] => {
      const thread = threadToFact(found.thread)
      return thread ? [{ thread, snippet: found.snippet }] : []
    })
    const isCut = query.sort === 'created_at' && !query.ascending
    return { data, nextCursor: isCut ? wholeSecond(page.nextCursor) : page.nextCursor }
  },
  occurrences: async (client, { threadId, text, cursor, limit }) => {
    const page = await client.request('thread/searchOccurrences', {
      threadId,
      searchTerm: text,
      cursor,
      limit,
    })
    return {
      data: page.data.map(({ turnId, itemId, snippet }) => ({ turnId, itemId, snippet })),
      nextCursor: page.nextCursor,
    }
  },
  unpagedItems: async (client, threadId, cursor) => {
    const page = await client.request('thread/turns/list', {
      threadId,
      cursor,
      limit: TURNS_PAGE,
      itemsView: 'full',
    })
    const data = page.data.flatMap(({ id: turnId, items }) =>
      items.toReversed().flatMap((raw): HistoryItem[] => {
        const item = itemToFact(raw)
        return item ? [{ ...item, turnId }] : []
      }),
    )
    return { data, nextCursor: page.nextCursor }
  },
}

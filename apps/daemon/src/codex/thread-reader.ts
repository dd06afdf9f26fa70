// Reads threads themselves (not their items) from Codex, in our words. Loads none.
import type { CodexClient } from '@dispatch/codex-client'
import type { Page } from './history-reader.ts'
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
  search(client: CodexClient, query: ThreadSearchQuery): Promise<Page<FoundThread>>
  /** Messages of one thread that have that text, in either case, oldest first. */
  occurrences(
    client: CodexClient,
    query: { threadId: string; text: string; cursor: string | null; limit: number },
  ): Promise<Page<Occurrence>>
}

// Codex takes an empty list for "interactive sources", which leaves out codex exec.
const people = ['cli', 'vscode', 'exec', 'appServer', 'unknown'] as const
const subagents = [
  'subAgent',
  'subAgentReview',
  'subAgentCompact',
  'subAgentThreadSpawn',
  'subAgentOther',
] as const

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
    return { data, nextCursor: page.nextCursor }
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
}

// search: over every thread of the machine by Codex's own search, or within one thread; the filters are
// ours.
import { type Call, DispatchError, type SearchInput, type SearchResult } from '@dispatch/contract'
import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import type { FoundThread, ThreadReader } from '../codex/thread-reader.ts'
import type { WriterLocks } from '../codex/writer-locks.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import { threadToIdentity } from './raw-thread.ts'
import { scanPages } from './scan.ts'
import { inputToFilter, type SearchFilter } from './search-filter.ts'
import type { Hit, SearchWithin } from './search-within.ts'
import { msToIso } from '../clock/instant.ts'

type SearchOptions = {
  clock: Pick<Clock, 'now'>
  store: Store
  link: CodexLink
  threads: ThreadReader
  locks: WriterLocks
  /** The thread of a selector: a lane, or a thread id of Codex. */
  threadOf: (client: CodexClient, selector: string) => Promise<ThreadFact>
  within: SearchWithin
}

type Match = SearchResult['matches'][number]

const LIMIT = 20
const MAX_SCAN = 200
/** A filter may pass by many matches of Codex to find its own; a page of a hundred costs 20 ms. */
const MAX_SCAN_NARROW = 2_000
const PREVIEW_MAX = 80
const SNIPPET_MAX = 200

const shortened = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1)}\u2026`

const scopeOf = (input: SearchInput, filter: SearchFilter) => {
  const wide = filter.isNarrow ? MAX_SCAN_NARROW : MAX_SCAN
  const maxScan = input.maxScan ?? Math.max(wide, input.limit ?? 0)
  const limit = input.limit ?? Math.min(LIMIT, maxScan)
  if (limit <= maxScan) return { limit, maxScan }
  throw new DispatchError('validation', '--limit cannot exceed --max-scan.', {
    hint: `--max-scan ${limit}`,
    details: { limit, maxScan },
  })
}

/** Makes the search. */
export const makeSearch = (options: SearchOptions) => {
  const { store, clock, link, threads, locks, threadOf, within } = options

  const toMatch = (thread: ThreadFact, hit: Hit, elsewhere: boolean): Match => {
    const lane: LaneRow | null = store.lanes.get(thread.id)
    return {
      ...(lane ? rowToIdentity(lane) : threadToIdentity(thread, elsewhere)),
      name: thread.name,
      preview: shortened(thread.preview, PREVIEW_MAX),
      snippet: shortened(hit.snippet, SNIPPET_MAX),
      turnId: hit.turnId,
      itemId: hit.itemId,
      createdAt: msToIso(thread.createdAt),
      updatedAt: msToIso(thread.updatedAt),
    }
  }

  const searchAll = async (
    client: CodexClient,
    input: SearchInput,
    filter: SearchFilter,
  ): Promise<Omit<SearchResult, 'query' | 'experimental'>> => {
    const { limit, maxScan } = scopeOf(input, filter)
    const { found, scanned, nextCursor } = await scanPages<FoundThread>({
      cursor: input.cursor ?? null,
      limit,
      maxScan,
      page: (cursor, limit) =>
        threads.search(client, {
          text: input.query,
          cursor,
          limit,
          sort: input.sort ?? 'updated_at',
          ascending: input.ascending ?? false,
          archived: input.archived ?? false,
          subagents: true,
        }),
      idOf: ({ thread }) => thread.id,
      fits: ({ thread }) => filter.fits(thread),
      isPast: ({ thread }) => filter.isPast(thread),
    })
    const elsewhere = await locks.allElsewhere(found.map(({ thread }) => thread.id))
    const stopped = nextCursor !== null && found.length < limit
    return {
      matches: found.map(({ thread, snippet }) =>
        toMatch(thread, { snippet, turnId: null, itemId: null }, elsewhere.has(thread.id)),
      ),
      scanned,
      nextCursor,
      notes: stopped ? [`Stopped after ${scanned} matches of Codex: go on with the cursor.`] : [],
    }
  }

  const searchOne = async (
    client: CodexClient,
    input: SearchInput,
    { filter, selector }: { filter: SearchFilter; selector: string },
  ): Promise<Omit<SearchResult, 'query' | 'experimental'>> => {
    const thread = await threadOf(client, selector)
    // An archived thread that is named is meant.
    if (!filter.fits(thread) || (input.archived && !thread.archived)) {
      const note = 'The thread is outside of the filters: it was not searched.'
      return { matches: [], scanned: 0, nextCursor: null, notes: [note] }
    }
    const { limit, maxScan } = scopeOf(input, filter)
    const bounds = { text: input.query, cursor: input.cursor ?? null, limit, maxScan }
    const { found, scanned, nextCursor } = await within(client, thread, bounds)
    const elsewhere = locks.elsewhere(thread.id) !== null
    return {
      matches: found.map((hit) => toMatch(thread, hit, elsewhere)),
      scanned,
      nextCursor,
      notes: [],
    }
  }

  return async (input: SearchInput, call: Call): Promise<SearchResult> => {
    const asked = { zone: call.zone, now: clock.now() }
    const filter = inputToFilter(input, asked, (id) => store.lanes.get(id) !== null)
    scopeOf(input, filter)
    const client = await link.client(call.signal)
    try {
      const answer =
        input.thread === undefined
          ? await searchAll(client, input, filter)
          : await searchOne(client, input, { filter, selector: input.thread })
      const notes = [...filter.notes, ...answer.notes]
      return { query: input.query, ...answer, experimental: true, notes }
    } catch (error) {
      throw codexFailureToError(error)
    }
  }
}

import type { CodexClient } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import type { Call } from '@dispatch/contract'
import type { CodexLink } from '../codex/codex-link.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import type { ThreadReader } from '../codex/thread-reader.ts'
import { makeSearch } from './search.ts'

const START = Date.parse('2026-06-01T00:00:00Z')

// Newest first, an hour apart.
const thread = (n: number): ThreadFact => ({
  id: `t${n}`,
  name: null,
  preview: 'p'.repeat(100),
  cwd: n === 290 ? '/rare' : '/work',
  standing: 'not-loaded',
  source: 'cli',
  ephemeral: false,
  archived: false,
  paged: true,
  model: null,
  modelProvider: null,
  effort: null,
  path: null,
  createdAt: START,
  updatedAt: START - n * 3_600_000,
})

const made = () => {
  const asked: number[] = []
  const threads = {
    search: (_client: CodexClient, query: { cursor: string | null; limit: number }) => {
      const from = Number(query.cursor ?? 0)
      asked.push(from)
      const data = Array.from({ length: Math.min(query.limit, 300 - from) }, (_, at) => ({
        thread: thread(from + at),
        snippet: 's'.repeat(500),
      }))
      return Promise.resolve({ data, nextCursor: from + 100 < 300 ? String(from + 100) : null })
    },
  } as unknown as ThreadReader
  const search = makeSearch({
    clock: { now: () => START },
    store: { lanes: { get: () => null } } as never,
    link: { client: () => Promise.resolve({} as CodexClient) } as unknown as CodexLink,
    threads,
    locks: { allElsewhere: () => Promise.resolve(new Map()), elsewhere: () => null },
    threadOf: () => Promise.reject(new Error('not asked')),
    within: () => Promise.reject(new Error('not asked')),
  })
  const call = { zone: 'UTC', signal: new AbortController().signal } as Call
  return { asked, search: (input: object) => search({ query: 'q', ...input }, call) }
}

describe('search', () => {
  it('finds what a filter lets through far beyond the default bound', async () => {
    const { matches, scanned } = await made().search({ dir: '/rare' })
    expect(matches.map(({ id }) => id)).toEqual(['t290'])
    expect(scanned).toBe(300)
  })

  it('looks at 200 at most without filters, and as far as it is told with them', async () => {
    expect(await made().search({ limit: 200 })).toMatchObject({ scanned: 200 })
    const bounded = await made().search({ dir: '/rare', maxScan: 150 })
    expect(bounded).toMatchObject({ matches: [], scanned: 150 })
    expect(bounded.notes).toEqual([
      'There is no directory /rare on this machine.',
      'Stopped after 150 matches of Codex: go on with the cursor.',
    ])
    const cursor = bounded.nextCursor ?? ''
    const rest = await made().search({ dir: '/rare', maxScan: 150, cursor })
    expect(rest).toMatchObject({ matches: [{ id: 't290' }], nextCursor: null })
  })

  it('asks for no page that can hold nothing', async () => {
    const { asked, search } = made()
    const since = new Date(START - 50 * 3_600_000).toISOString()
    expect(await search({ since, limit: 100 })).toMatchObject({ scanned: 51, nextCursor: null })
    expect(asked).toEqual([0])
  })

  it('keeps what it shows short', async () => {
    const [match] = (await made().search({ limit: 1 })).matches
    expect(match?.preview).toHaveLength(80)
    expect(match?.snippet).toHaveLength(200)
  })
})

import { CodexTimeoutError } from '@dispatch/codex-client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  fakeClient,
  fakeLink,
  itemFact,
  laneRow,
  makeBench,
} from '../../test/bench.ts'
import type { HistoryItem, HistoryReader } from '../codex/history-reader.ts'
import { makeTail } from './tail.ts'

/** A history that pages like Codex: newest first, the cursor is where the next page begins. */
const historyOf = (types: string[]) => {
  const items = types.map((type, index): HistoryItem => ({
    ...itemFact(`i${index}`, { type }),
    turnId: 'u',
  }))
  const pages: number[] = []
  const history: HistoryReader = {
    items: async (_client, { cursor, limit, order }) => {
      expect(order).toBe('desc')
      expect(limit).toBeLessThanOrEqual(100)
      pages.push(limit)
      const from = Number(cursor ?? 0)
      const data = items.toReversed().slice(from, from + limit)
      const nextCursor = from + limit < items.length ? String(from + limit) : null
      return { data, nextCursor }
    },
    turns: async () => ({ data: [], nextCursor: null }),
  }
  return { history, pages, ids: items.map(({ id }) => id) }
}

const tailOf = (bench: Bench, history: HistoryReader, online = true) =>
  makeTail({ ...bench, history, link: fakeLink(online ? fakeClient({}) : null) })

const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id)

it('a type that no item has is refused with the nearest; one that an item has is known', async () => {
  using bench = makeBench()
  const lane = addLane(bench.store, 't')
  const { tail } = tailOf(bench, historyOf([]).history)
  await expect(tail(lane, { lane: 't', types: ['agentMesage'] })).rejects.toMatchObject({
    code: 'validation',
    hint: `dispatch tail ${lane.ref} --type agentMessage`,
  })
  const later = itemFact('i9', { type: 'ofALaterCodex' })
  bench.store.items.upsert({ ...later, threadId: 't', turnId: 'u' })
  for (const type of ['ofALaterCodex', 'plan']) {
    expect((await tail(lane, { lane: 't', types: [type] })).items).toEqual([])
  }
})

describe('a Codex that does not answer', () => {
  const item = (bench: Bench) =>
    bench.store.items.upsert({ ...itemFact('i1'), threadId: 't', turnId: 'u' })
  const silent: HistoryReader = {
    items: () => Promise.reject(new CodexTimeoutError('thread/items/list', 5_000)),
    turns: () => Promise.reject(new CodexTimeoutError('thread/turns/list', 5_000)),
  }

  it('is told beside what dispatch itself saw', async () => {
    using bench = makeBench()
    const lane = addLane(bench.store, 't')
    item(bench)
    const answer = await tailOf(bench, silent).tail(lane, { lane: 't' })
    expect(answer).toMatchObject({ origin: 'registry', items: [{ id: 'i1' }] })
    expect(answer.notes).toEqual([
      'Codex did not answer: these are the items that dispatch itself saw.',
    ])
    const away = await tailOf(bench, silent, false).tail(lane, { lane: 't' })
    expect(away.notes[0]).toContain('Codex is away')
    const attached = await tailOf(bench, silent).tail(
      { ...lane, source: 'attached' },
      { lane: 't' },
    )
    expect(attached.notes[0]).toContain('it alone has the history')
  })

  it('does not change the history in the middle of its pages', async () => {
    using bench = makeBench()
    const lane = addLane(bench.store, 't')
    item(bench)
    const { tail } = tailOf(bench, silent)
    await expect(tail(lane, { lane: 't', before: 'codex:u/50' })).rejects.toMatchObject({
      code: 'app_server',
    })
    // What began in the registry goes on there, though Codex may be back.
    const rest = await tail(lane, { lane: 't', before: 'registry:u/9' })
    expect(rest).toMatchObject({ origin: 'registry', items: [{ id: 'i1' }], notes: [] })
  })
})

describe('the history of Codex', () => {
  it('is shown oldest first, the newest 50 unless asked for otherwise', async () => {
    using bench = makeBench()
    const { history, ids } = historyOf(Array.from({ length: 60 }, () => 'plan'))
    const { tail } = tailOf(bench, history)
    const answer = await tail(laneRow('t'), { lane: 't' })
    expect(idsOf(answer)).toEqual(ids.slice(10))
    expect(answer).toMatchObject({ origin: 'codex', previousCursor: 'codex:u/50' })
    const before = answer.previousCursor ?? ''
    const rest = await tail(laneRow('t'), { lane: 't', before })
    expect(idsOf(rest)).toEqual(ids.slice(0, 10))
    expect(rest.previousCursor).toBeNull()
  })

  it('gives every item once over its pages, never more than asked for, with types or without', async () => {
    using bench = makeBench()
    const types = fc.array(fc.constantFrom('plan', 'agentMessage', 'userMessage'), {
      maxLength: 350,
    })
    const wanted = fc.option(fc.constant<string[]>(['agentMessage', 'userMessage']))
    await fc.assert(
      fc.asyncProperty(
        types,
        wanted,
        fc.integer({ min: 1, max: 120 }),
        async (all, only, limit) => {
          const { history, ids } = historyOf(all)
          const { tail } = tailOf(bench, history)
          const seen: string[] = []
          let before: string | undefined
          do {
            const answer = await tail(laneRow('t'), {
              lane: 't',
              limit,
              types: only ?? undefined,
              before,
            })
            expect(answer.items.length).toBeLessThanOrEqual(limit)
            seen.unshift(...idsOf(answer))
            before = answer.previousCursor ?? undefined
          } while (before)
          expect(seen).toEqual(ids.filter((_id, index) => !only || only.includes(all[index] ?? '')))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is read no further than fifty pages for a rare type', async () => {
    using bench = makeBench()
    const { history, pages } = historyOf(Array.from({ length: 6_000 }, () => 'plan'))
    const answer = await tailOf(bench, history).tail(laneRow('t'), { lane: 't', types: ['sleep'] })
    expect(answer).toMatchObject({ items: [], previousCursor: 'codex:u/5000' })
    expect(pages).toHaveLength(50)
  })

  it('is not asked for nothing', async () => {
    using bench = makeBench()
    const { history, pages } = historyOf(['plan'])
    expect(
      (await tailOf(bench, history).tail(laneRow('t'), { lane: 't', limit: 0 })).items,
    ).toEqual([])
    expect(pages).toEqual([])
  })
})

describe('our own registry', () => {
  const fill = (bench: Bench, count: number) => {
    addLane(bench.store, 't')
    for (let index = 0; index < count; index += 1) {
      const { clientId: _c, ...item } = itemFact(`i${index}`)
      bench.store.items.upsert({ ...item, threadId: 't', turnId: 'u' })
    }
  }

  it.each([
    ['Codex is away', false, {}],
    ['the lane is ephemeral', true, { ephemeral: true }],
  ])('serves where %s, page by page', async (_name, online, part) => {
    using bench = makeBench()
    fill(bench, 5)
    const { tail } = tailOf(bench, historyOf([]).history, online)
    const lane = laneRow('t', part)
    const newest = await tail(lane, { lane: 't', limit: 3 })
    expect(newest).toMatchObject({ origin: 'registry' })
    expect(idsOf(newest)).toEqual(['i2', 'i3', 'i4'])
    const before = newest.previousCursor ?? ''
    const rest = await tail(lane, { lane: 't', limit: 3, before })
    expect(idsOf(rest)).toEqual(['i0', 'i1'])
    expect(rest.previousCursor).toBeNull()
  })

  it.each(['codex:50', 'registry:', 'registry:x', '5'])('refuses the cursor %s', async (before) => {
    using bench = makeBench()
    fill(bench, 1)
    const { tail } = tailOf(bench, historyOf([]).history, false)
    await expect(tail(laneRow('t'), { lane: 't', before })).rejects.toMatchObject({
      code: 'validation',
    })
  })
})

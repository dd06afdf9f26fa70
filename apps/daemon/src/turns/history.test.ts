import { describe, expect, it } from 'vitest'
import { addLane, type Bench, fakeClient, itemFact, makeBench, turnFact } from '../../test/bench.ts'
import type { Fact, TurnFact } from '../codex/fact.ts'
import type { HistoryReader } from '../codex/history-reader.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import { CUT_REASON } from './cut.ts'
import { makeMissedFacts } from './history.ts'

/** Turns newest first in pages of two; two pages of one item a turn. */
const readerOf = (newest: TurnFact[], older: TurnFact[][]): HistoryReader => ({
  items: async (_client, { turnId = '', cursor }) => ({
    data: [{ ...itemFact(`${turnId}-${cursor ? 2 : 1}`), turnId }],
    nextCursor: cursor ? null : 'more',
  }),
  turns: async (_client, _threadId, cursor) => {
    if (cursor === null) return { data: newest, nextCursor: older.length ? '0' : null }
    const at = Number(cursor)
    return { data: older[at] ?? [], nextCursor: at + 1 < older.length ? String(at + 1) : null }
  },
})

const done = (id: string, part: Partial<TurnFact> = {}) =>
  turnFact(id, { status: 'completed', completedAt: 2, ...part })

const missed = async (
  bench: Bench,
  given: {
    active?: boolean
    newest: TurnFact[]
    older?: TurnFact[][]
    /** What is read after the join, where it is another. */
    again?: { active?: boolean; newest: TurnFact[] }
    /** Turns that were told of since. */
    told?: string[]
  },
): Promise<string[]> => {
  const { active = false, newest, older = [] } = given
  const tellsOf = (turnId: string): boolean => given.told?.includes(turnId) ?? false
  const lane = bench.store.lanes.get('t')
  if (!lane) throw new Error('no lane')
  const again = { active, newest, ...given.again }
  const facts = makeMissedFacts({
    store: bench.store,
    history: readerOf(again.newest, older),
    threads: {
      read: async () => ({ standing: again.active ? 'busy' : 'idle' }) as ThreadFact,
    },
  })
  const turns = { data: newest, nextCursor: older.length ? '0' : null }
  const show = (fact: Fact): string => {
    if ('turn' in fact) return `${fact.kind} ${fact.turn.id} ${fact.turn.status}`
    return 'item' in fact ? `item ${fact.item.id}` : fact.kind
  }
  return (await facts(fakeClient({}), lane, { active, turns, tellsOf })).map(show)
}

const told = (id: string, status = 'completed') => [
  `turn-started ${id} ${status}`,
  `item ${id}-1`,
  `item ${id}-2`,
  `turn-ended ${id} ${status}`,
]

describe('what was missed', () => {
  it('is every turn since the last that is known to have ended, oldest first', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.turns.upsert({ threadId: 't', id: 'u1', status: 'completed' })
    const newest = [done('u5', { status: 'failed' }), done('u4')]
    const older = [
      [done('u3'), done('u2')],
      [done('u1'), done('u0')],
    ]
    expect(await missed(bench, { newest, older })).toEqual([
      ...told('u2'),
      ...told('u3'),
      ...told('u4'),
      ...told('u5', 'failed'),
    ])
  })

  it('has no end for the turn that runs', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u1' })
    bench.store.turns.upsert({ threadId: 't', id: 'u1', status: 'started' })
    const facts = await missed(bench, { active: true, newest: [turnFact('u1')] })
    expect(facts).toEqual(told('u1', 'started').slice(0, 3))
  })

  it('ends a turn that Codex calls running beside a newer one', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u1' })
    const newest = [turnFact('u2'), turnFact('u1')]
    expect(await missed(bench, { active: true, newest })).toEqual([
      ...told('u1', 'started'),
      ...told('u2', 'started').slice(0, 3),
    ])
  })

  it('ends a turn that Codex calls running though the thread is idle', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u1' })
    expect((await missed(bench, { newest: [turnFact('u1')] })).at(-1)).toBe('turn-ended u1 started')
  })

  it('ends the active turn that history never had', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'lost' })
    const facts = await missed(bench, { newest: [done('u1')] })
    expect(facts).toEqual([...told('u1'), 'turn-ended lost interrupted'])
  })

  it('has the end that Codex told after its page was read and before it subscribed us', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u1' })
    const stale = [turnFact('u1', { status: 'interrupted' })]
    for (const active of [true, false]) {
      const again = { active: false, newest: [done('u1')] }
      expect(await missed(bench, { active, newest: stale, again })).toEqual(told('u1'))
    }
    expect(await missed(bench, { newest: [], again: { newest: [done('u1')] } })).toEqual(told('u1'))
  })

  it('leaves the end to what has come since', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u1' })
    const facts = await missed(bench, { newest: [turnFact('u1')], told: ['u1'] })
    expect(facts).toEqual(told('u1', 'started').slice(0, 3))
    expect(await missed(bench, { newest: [], told: ['u1'] })).toEqual([])
  })

  it('is the end, too, of a turn that was judged cut', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const row = { threadId: 't', id: 'u1', status: 'interrupted', reason: CUT_REASON } as const
    bench.store.turns.upsert(row)
    expect(await missed(bench, { newest: [turnFact('u1', { status: 'interrupted' })] })).toEqual([])
    expect(await missed(bench, { newest: [done('u1')] })).toEqual(told('u1'))
  })

  it('is nothing where nothing happened', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.turns.upsert({ threadId: 't', id: 'u1', status: 'interrupted' })
    expect(await missed(bench, { newest: [done('u1')] })).toEqual([])
    expect(await missed(bench, { newest: [] })).toEqual([])
  })
})

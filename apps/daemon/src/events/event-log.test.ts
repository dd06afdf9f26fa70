import { type EventType, type DispatchEvent, type Tracked } from '@dispatch/contract'
import { openStore, type Store } from '@dispatch/store'
import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../clock/fake-clock.ts'
import { type EventLog, type FollowQuery, makeEventLog } from './event-log.ts'
import { RING_EVENTS } from './hot-end.ts'

type Bench = Disposable & { store: Store; log: EventLog; restart: () => Bench }

// Its label cannot be read.
const UNNAMED = 'unnamed'

const label = (threadId: string) => {
  if (threadId === UNNAMED) throw new Error('no label')
  return { ref: '0aaaa1', id: threadId, handle: `@${threadId}` }
}

const makeBench = (folder = mkdtempSync(join(tmpdir(), 'dispatch-events-'))): Bench => {
  const store = openStore({ file: join(folder, 'registry.db') })
  store.events.beginEpoch()
  const log = makeEventLog({ store, clock: fakeClock(), label, log: { error() {} } })
  const close = () => store[Symbol.dispose]()
  return {
    store,
    log,
    restart: () => {
      close()
      return makeBench(folder)
    },
    [Symbol.dispose]: () => {
      close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const everything: Omit<FollowQuery, 'signal'> = {
  after: '0',
  threadIds: null,
  types: null,
  live: false,
}

const append = (log: EventLog, n: number, threadId = 't'): string | null =>
  log.commit((tx) => tx.append({ threadId, type: 'item.completed', data: { n } }))

const appendMany = (log: EventLog, from: number, to: number): void =>
  log.commit((tx) => {
    for (let n = from; n <= to; n += 1) {
      tx.append({ threadId: 't', type: 'item.completed', data: { n } })
    }
  })

const numbersOf = (events: Tracked<DispatchEvent>[]): unknown[] =>
  events.map(({ data }) => (data.type === 'gap' ? data.data['kind'] : data.data['n']))

const take = async (
  events: AsyncIterator<Tracked<DispatchEvent>, undefined>,
  count: number,
): Promise<Tracked<DispatchEvent>[]> => {
  const taken: Tracked<DispatchEvent>[] = []
  while (taken.length < count) {
    const next = await events.next()
    if (next.done === true) break
    taken.push(next.value)
  }
  return taken
}

const { signal } = new AbortController()

describe('commit', () => {
  it('shows what is live only in its place, and not where nothing was committed', async () => {
    using bench = makeBench()
    const { log } = bench
    const events = log.follow({ ...everything, after: null, live: true, signal })
    const happen = (n: number, throws: boolean) =>
      log.commit((tx) => {
        tx.append({ threadId: 't', type: 'item.completed', data: { n } })
        tx.live({ threadId: 't', type: 'item.delta', data: { n: n + 1 } })
        tx.append({ threadId: 't', type: 'item.completed', data: { n: n + 2 } })
        if (throws) throw new Error('no')
      })
    expect(() => happen(10, true)).toThrow('no')
    happen(1, false)
    log.live({ threadId: 't', type: 'item.delta', data: { n: 4 } })
    expect(numbersOf(await take(events, 4))).toEqual([1, 2, 3, 4])
  })

  it('publishes after the commit, with lane, time and cursor', async () => {
    using bench = makeBench()
    const events = bench.log.follow({ ...everything, after: null, signal })
    const cursor = bench.log.commit(
      (tx) => tx.append({ threadId: 't', type: 'turn.started', data: { a: 1 }, key: 'u' }),
      { durable: true },
    )
    expect(cursor).toBe('1.1')
    expect(bench.log.lastCursor()).toBe('1.1')
    const [event] = await take(events, 1)
    expect(event).toEqual({
      cursor: '1.1',
      data: {
        cursor: '1.1',
        at: '2026-01-01T00:00:00.000Z',
        lane: label('t'),
        type: 'turn.started',
        data: { a: 1 },
      },
    })
    // The same from the store as from the ring.
    expect(await take(bench.restart().log.follow({ ...everything, signal }), 1)).toMatchObject([
      { data: { type: 'turn.started', lane: label('t'), data: { a: 1 } } },
    ])
  })

  it('that succeeded does not throw, whatever goes wrong at showing', async () => {
    using bench = makeBench()
    const { log } = bench
    const events = log.follow({ ...everything, after: null, signal })
    using _broken = log.woken(() => {
      throw new Error('broken')
    })
    expect(append(log, 1)).toBe('1.1')
    expect(append(log, 2, UNNAMED)).toBe('1.2')
    expect(numbersOf(await take(events, 1))).toEqual([1])
    const threadIds = ['t']
    const of = log.follow({ ...everything, after: '1.1', threadIds, signal })
    append(log, 3)
    expect(numbersOf(await take(of, 1))).toEqual([3])
  })

  it('keeps no event of a commit that failed, and none twice by its key', async () => {
    using bench = makeBench()
    const { log, store } = bench
    const events = log.follow({ ...everything, signal })
    const fail = () =>
      log.commit((tx) => {
        tx.append({ threadId: 't', type: 'turn.started', data: { n: 'lost' } })
        store.runtime.set('a', 1)
        throw new Error('no')
      })
    expect(fail).toThrow('no')
    expect(store.runtime.get('a')).toBeNull()
    const once = () =>
      log.commit((tx) =>
        tx.append({ threadId: 't', type: 'turn.started', key: 'u', data: { n: 1 } }),
      )
    expect([once(), once()]).toEqual(['1.1', null])
    append(log, 2)
    expect(numbersOf(await take(events, 2))).toEqual([1, 2])
  })

  it('joins an outer commit and refuses a bare transaction around it', async () => {
    using bench = makeBench()
    const { log, store } = bench
    const events = log.follow({ ...everything, signal })
    log.commit(() => {
      append(log, 1)
      append(log, 2)
    })
    expect(numbersOf(await take(events, 2))).toEqual([1, 2])
    expect(() => store.transaction(() => append(log, 3))).toThrow('bare transaction')
    let kept: { append: (event: never) => unknown } | undefined
    log.commit((tx) => {
      kept = tx as never
    })
    expect(() => kept?.append({ threadId: null, type: 'turn.started', data: {} } as never)).toThrow(
      'has ended',
    )
  })
})

describe('follow', () => {
  it('goes on from pages of the store to the ring without a hole', async () => {
    using bench = makeBench()
    const { log } = bench
    appendMany(log, 1, RING_EVENTS + 2_000)
    const events = log.follow({ ...everything, signal })
    const first = await take(events, RING_EVENTS)
    appendMany(log, RING_EVENTS + 2_001, 2 * RING_EVENTS)
    const rest = await take(events, RING_EVENTS)
    const numbers = Array.from({ length: 2 * RING_EVENTS }, (_, index) => index + 1)
    expect(numbersOf([...first, ...rest])).toEqual(numbers)
  })

  it('shares what the ring has, and nothing of a page', async () => {
    using bench = makeBench()
    const { log } = bench
    appendMany(log, 1, RING_EVENTS + 10)
    const events = await take(log.follow({ ...everything, signal }), RING_EVENTS + 10)
    append(log, 0)
    const after = { ...everything, after: events.at(-1)?.cursor ?? null, signal }
    const [one, other] = await Promise.all([take(log.follow(after), 1), take(log.follow(after), 1)])
    expect(one[0]?.data).toBe(other[0]?.data)
    expect([events[0], one[0]].map((event) => Object.isFrozen(event?.data))).toEqual([false, true])
  })

  it('wakes a follower whose lane is quiet among many events of others', async () => {
    using bench = makeBench()
    const { log } = bench
    const events = log.follow({ ...everything, threadIds: ['quiet'], signal })
    const next = take(events, 1)
    appendMany(log, 1, 3 * RING_EVENTS)
    append(log, 7, 'quiet')
    expect(numbersOf(await next)).toEqual([7])
  })

  it('ends on abort and on return, also while it waits, and is counted', async () => {
    using bench = makeBench()
    const { log } = bench
    const controller = new AbortController()
    const aborted = log.follow({ ...everything, signal: controller.signal })
    const returned = log.follow({ ...everything, signal })
    const waits = [aborted.next(), returned.next(), returned.next()]
    expect(log.followers()).toBe(2)
    controller.abort()
    await returned.return?.()
    expect(await Promise.all(waits)).toEqual(waits.map(() => ({ done: true, value: undefined })))
    expect(log.followers()).toBe(0)
    const late = log.follow({ ...everything, signal: controller.signal })
    expect(await late.next()).toEqual({ done: true, value: undefined })
    expect(log.followers()).toBe(0)
  })

  it('refuses a cursor that is none', () => {
    using bench = makeBench()
    const follow = () => bench.log.follow({ ...everything, after: 'x', signal })
    expect(follow).toThrow(expect.objectContaining({ code: 'validation' }))
    expect(bench.log.followers()).toBe(0)
  })

  it('puts live events after the durable one that they followed', async () => {
    using bench = makeBench()
    const { log } = bench
    const live = (n: string, type: EventType = 'item.delta') =>
      log.live({ threadId: 't', type, data: { n } })
    live('before')
    const all = log.follow({ ...everything, live: true, signal })
    const durable = log.follow({ ...everything, signal })
    live('a')
    append(log, 1)
    live('b')
    live('c')
    append(log, 2)
    const events = await take(all, 5)
    expect(numbersOf(events)).toEqual(['a', 1, 'b', 'c', 2])
    expect(events.map(({ cursor }) => cursor)).toEqual([null, '1.1', null, null, '1.2'])
    expect(numbersOf(await take(durable, 2))).toEqual([1, 2])
  })

  it('drops live events for a follower that lags, says so once, and keeps the durable ones', async () => {
    using bench = makeBench()
    const { log } = bench
    const events = log.follow({ ...everything, live: true, signal })
    append(log, 1)
    for (let n = 0; n < RING_EVENTS + 5; n += 1) {
      log.live({ threadId: 't', type: 'item.delta', data: { n: 'delta' } })
    }
    append(log, 2)
    const got = numbersOf(await take(events, RING_EVENTS + 3))
    expect(got.filter((n) => n !== 'delta')).toEqual(['live', 1, 2])
    expect(got).toHaveLength(RING_EVENTS + 3)
  })

  it('tells a gap where retention passed, and none to who asks for what there is', async () => {
    using bench = makeBench()
    appendMany(bench.log, 1, 10)
    using again = bench.restart()
    again.log.prune({ olderThan: 0, maxRows: 4, slice: 100 })
    const resumed = await take(again.log.follow({ ...everything, after: '1.2', signal }), 5)
    expect(numbersOf(resumed)).toEqual(['retention', 7, 8, 9, 10])
    expect(resumed[0]?.data.data).toEqual({ kind: 'retention', from: '1.2', to: '1.6' })
    expect(resumed[0]?.cursor).toBe('1.6')
    const all = await take(again.log.follow({ ...everything, signal }), 4)
    expect(numbersOf(all)).toEqual([7, 8, 9, 10])
  })

  it('tells a gap to a cursor beyond what survived', async () => {
    using bench = makeBench()
    appendMany(bench.log, 1, 3)
    using again = bench.restart()
    append(again.log, 4)
    const events = await take(again.log.follow({ ...everything, after: '1.9', signal }), 2)
    expect(numbersOf(events)).toEqual(['epoch', 4])
    expect(events[0]?.data.data).toEqual({ kind: 'epoch', from: '1.9', to: '1.3' })
  })
})

type Follower = {
  threadIds: string[] | null
  cursor: string
  seen: number[]
  events: AsyncIterator<Tracked<DispatchEvent>, undefined>
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      n: fc.integer({ min: 1, max: 900 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('take' as const), n: fc.integer({ min: 1, max: 700 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('follow' as const), n: fc.integer({ min: 0, max: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), n: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('prune' as const),
      n: fc.integer({ min: 1, max: 6_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), n: fc.constant(0) }) },
)

it('has no hole and no repeat, whatever the interleaving', async () => {
  const law = async (steps: { do: string; n: number }[]) => {
    let bench = makeBench()
    const threads = ['a', 'b', 'c']
    const filters = [null, ['a'], ['a', 'b']]
    const threadOf = (seq: number): string => threads[seq % 3] ?? 'a'
    let last = 0
    let followers: Follower[] = []
    const follow = (threadIds: string[] | null, after: string) =>
      bench.log.follow({ after, threadIds, types: null, live: false, signal })
    const start = (threadIds: string[] | null, after: string): Follower => ({
      threadIds,
      cursor: after,
      seen: [],
      events: follow(threadIds, after),
    })
    const isFor = (follower: Follower, seq: number) =>
      follower.threadIds === null || follower.threadIds.includes(threadOf(seq))
    /** What lies between must all be another's, or covered by a gap. */
    const accept = (follower: Follower, { cursor, data }: Tracked<DispatchEvent>) => {
      const seqOf = (text: string) => Number(text.split('.').at(-1))
      const before = seqOf(follower.cursor)
      const to = seqOf(String(cursor))
      if (data.type === 'gap') {
        expect(data.data['kind']).toBe('retention')
        expect(seqOf(String(data.data['from']))).toBeGreaterThanOrEqual(before)
        expect(bench.store.events.firstSeq()).toBeGreaterThan(to)
        expect(to).toBeGreaterThan(before)
      } else {
        expect(data.data['n']).toBe(to)
        const isFirst = follower.cursor === '0'
        for (let seq = before + 1; !isFirst && seq < to; seq += 1) {
          expect(isFor(follower, seq)).toBe(false)
        }
        expect(isFor(follower, to)).toBe(true)
        expect(to).toBeGreaterThan(before)
      }
      follower.cursor = String(cursor)
    }
    for (const { do: what, n } of steps) {
      const chosen = followers[n % Math.max(1, followers.length)]
      if (what === 'append') {
        bench.log.commit((tx) => {
          for (let count = 0; count < n; count += 1) {
            last += 1
            tx.append({ threadId: threadOf(last), type: 'item.completed', data: { n: last } })
          }
        })
      } else if (what === 'follow') followers.push(start(filters[n] ?? null, '0'))
      else if (what === 'prune') {
        bench.log.prune({ olderThan: 0, maxRows: n, slice: 1_000 })
      } else if (what === 'restart') {
        bench = bench.restart()
        followers = followers.map(({ threadIds, cursor }) => start(threadIds, cursor))
      } else if (chosen !== undefined && what === 'resume') {
        await chosen.events.return?.()
        chosen.events = follow(chosen.threadIds, chosen.cursor)
      } else if (chosen !== undefined) {
        // What is certain to come, so that nothing is waited for in vain.
        const seq = Number(chosen.cursor.split('.').at(-1))
        const from = Math.max(seq + 1, bench.store.events.firstSeq())
        let due = 0
        for (let number = from; number <= last; number += 1) due += isFor(chosen, number) ? 1 : 0
        for (const event of await take(chosen.events, Math.min(n, due))) accept(chosen, event)
      }
    }
    bench[Symbol.dispose]()
  }
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), law), {
    numRuns: 60,
  })
})

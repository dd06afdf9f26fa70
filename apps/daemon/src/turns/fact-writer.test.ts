import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  endedFact,
  itemDone,
  itemFact,
  makeBench,
  startedFact,
} from '../../test/bench.ts'
import type { Fact } from '../codex/fact.ts'
import { makeFactWriter } from './fact-writer.ts'

const silent = { error() {} }

const makeRoom = (bench: Bench) => {
  const told: string[] = []
  const writer = makeFactWriter({
    ...bench,
    log: silent,
    freeHandle: ({ handle }) => `${handle}-2`,
    listener: {
      requests: () => null,
      deliveries: (_tx, lane, fact) => void told.push(`delivery ${lane.threadId} ${fact.kind}`),
      touched: (threadIds) => void told.push(`touched ${[...threadIds].join()}`),
      turnStarted: () => {},
      turnEnded: (threadId) => void told.push(`ended ${threadId}`),
      unloaded: (threadId) => void told.push(`unloaded ${threadId}`),
    },
  })
  return { told, write: writer.write }
}

const whole: Fact[] = [
  startedFact('t', 'u'),
  itemDone('t', 'u', itemFact('a', { text: 'thinking' })),
  itemDone('t', 'u', itemFact('b', { text: 'done' })),
  endedFact('t', 'u'),
]

describe('writing facts', () => {
  it('keeps lane, turn and items, and tells after the commit', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { told, write } = makeRoom(bench)
    bench.clock.advance(5)
    write(whole, false)
    expect(bench.store.lanes.get('t')).toMatchObject({
      status: 'idle',
      activeTurnId: null,
      latestTurnId: 'u',
      lastMessage: 'done',
      updatedAt: bench.clock.now(),
    })
    expect(bench.store.turns.get('t', 'u')).toMatchObject({ status: 'completed', startedAt: 1_000 })
    expect(told.slice(-2)).toEqual(['touched t', 'ended t'])
    expect((await bench.happened()).map(({ type }) => type)).toEqual([
      'turn.started',
      'lane.status-changed',
      'item.completed',
      'item.completed',
      'turn.completed',
      'lane.status-changed',
    ])
  })

  it('adds no event when the same is told again', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { write } = makeRoom(bench)
    write(whole, false)
    const before = bench.store.lanes.get('t')
    const { length } = await bench.happened()
    write([...whole, ...whole.toReversed()], true)
    expect(await bench.happened()).toHaveLength(length)
    expect(bench.store.lanes.get('t')).toMatchObject({ ...before, updatedAt: expect.any(Number) })
  })

  it('starts no item that history brought complete', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { write } = makeRoom(bench)
    const item = itemFact('a', { completedAt: null })
    const start: Fact = { kind: 'item-started', threadId: 't', turnId: 'u', item }
    write([startedFact('t', 'u'), itemDone('t', 'u', itemFact('a'))], true)
    write([start], false)
    const done = (await bench.happened()).map(({ type }) => type)
    expect(done).toEqual(['turn.started', 'lane.status-changed', 'item.completed'])
    // Items of other turns may have the same id.
    write([startedFact('t', 'v'), { ...start, turnId: 'v' }], false)
    expect((await bench.happened()).at(-1)).toMatchObject({
      type: 'item.started',
      data: { turnId: 'v', id: 'a' },
    })
  })

  it('keeps a delta in its place among what is durable, and stores none', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { write } = makeRoom(bench)
    const abort = new AbortController()
    const query = { after: null, threadIds: null, types: null, live: true, signal: abort.signal }
    const events = bench.events.follow(query)
    const delta = { kind: 'delta', threadId: 't', turnId: 'u', itemId: 'a', stream: 'message' }
    write([whole[0] as Fact, { ...delta, text: 'do' } as Fact, ...whole.slice(1)], false)
    const seen: [string, boolean][] = []
    for await (const { cursor, data } of events) {
      seen.push([data.type, cursor === null])
      if (data.type === 'turn.completed') abort.abort()
    }
    expect(seen.slice(0, 4)).toEqual([
      ['turn.started', false],
      ['lane.status-changed', false],
      ['item.delta', true],
      ['item.completed', false],
    ])
  })

  it('keeps the time of the last that it wrote of a lane', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { write } = makeRoom(bench)
    function* later(facts: readonly Fact[]): Generator<Fact> {
      for (const fact of facts) {
        bench.clock.advance(5)
        yield fact
      }
    }
    write(later(whole), false)
    expect(bench.store.lanes.get('t')?.updatedAt).toBe(bench.clock.now())
  })

  it('passes over threads that are no lanes', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { told, write } = makeRoom(bench)
    write([startedFact('stranger', 'u'), { kind: 'unloaded', threadId: 't' }], false)
    expect(told).toEqual(['delivery t unloaded', 'touched t', 'unloaded t'])
    expect(await bench.happened()).toEqual([])
  })

  it('writes all of a batch or nothing', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const writer = makeFactWriter({
      ...bench,
      log: silent,
      freeHandle: ({ handle }) => handle,
      listener: {
        requests: () => null,
        deliveries: (_tx, _lane, fact) => {
          if (fact.kind === 'turn-ended') throw new Error('disk')
        },
        touched: () => {},
        turnStarted: () => {},
        turnEnded: () => {},
        unloaded: () => {},
      },
    })
    expect(() => writer.write(whole, false)).toThrow('disk')
    expect(bench.store.lanes.get('t')).toMatchObject({ status: 'idle', latestTurnId: null })
    expect(await bench.happened()).toEqual([])
  })
})

it('a lane that another client restores is live again, under a handle that is free', async () => {
  using bench = makeBench()
  addLane(bench.store, 't', { archivedAt: 5, status: 'archived' })
  const { write } = makeRoom(bench)
  write([{ kind: 'unarchived', threadId: 't' }], false)
  expect(bench.store.lanes.get('t')).toMatchObject({
    archivedAt: null,
    status: 'idle',
    handle: '@t-2',
  })
  write([{ kind: 'unarchived', threadId: 't' }], false)
  expect((await bench.happened()).map(({ type }) => type)).toEqual(['lane.restored'])
})

// What is tried again: the way in and the real writer, over a registry that refuses.
import { DiskFullError } from '@dispatch/store'
import { expect, test } from 'vitest'
import { addLane, type Bench, makeBench } from '../../test/bench.ts'
import type { Fact } from '../codex/fact.ts'
import { makeFactWriter } from './fact-writer.ts'
import { makeIngest } from './ingest.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

const renamed = (title: string) => ({
  method: 'thread/name/updated',
  params: { threadId: 't', threadName: title },
})

const delta = (itemId: string) => ({
  method: 'item/agentMessage/delta',
  params: { threadId: 't', turnId: 'u', itemId, delta: itemId },
})

type Side = {
  /** In the commit of that fact. */
  within?: (fact: Fact) => void
  /** After a commit. */
  after?: () => void
}

const makeSide = (bench: Bench, side: Side) => {
  addLane(bench.store, 't')
  const abort = new AbortController()
  const query = { after: null, threadIds: null, types: null, live: true, signal: abort.signal }
  const events = bench.events.follow(query)
  const writer = makeFactWriter({
    ...bench,
    log: silent,
    freeHandle: ({ handle }) => handle,
    listener: {
      requests: () => null,
      deliveries: (_tx, _lane, fact) => side.within?.(fact),
      touched: () => side.after?.(),
      turnStarted: () => {},
      turnEnded: () => {},
      unloaded: () => {},
    },
  })
  const ingest = makeIngest({ ...bench, log: silent, writer })
  return {
    ingest,
    /** What was shown, up to the rename that is the last. */
    shown: async (last: string): Promise<string[]> => {
      const seen: string[] = []
      for await (const { data } of events) {
        const { itemId, to } = data.data as { itemId?: string; to?: string }
        seen.push(itemId ?? to ?? data.type)
        if (to === last) abort.abort()
      }
      return seen
    },
  }
}

test('text before a commit that failed is shown once, in its place', async () => {
  using bench = makeBench()
  let full = true
  const { ingest, shown } = makeSide(bench, {
    within: () => {
      if (full) throw new DiskFullError('the disk is full', 'registry.db')
    },
  })
  for (const one of [delta('a'), renamed('x'), delta('b'), renamed('y')]) ingest.take(one)
  for (let tries = 0; tries < 3; tries += 1) expect(() => ingest.drain()).toThrow(DiskFullError)
  full = false
  ingest.drain()
  expect(await shown('y')).toEqual(['a', 'x', 'b', 'y'])
})

test('text around a fact that can never be written is shown once', async () => {
  using bench = makeBench()
  let full = true
  const { ingest, shown } = makeSide(bench, {
    within: (fact) => {
      if (fact.kind !== 'renamed') return
      if (fact.title === 'bad') throw new Error('never')
      if (fact.title === 'y' && full) throw new DiskFullError('the disk is full', 'registry.db')
    },
  })
  const said = [delta('a'), renamed('x'), delta('b'), renamed('y'), delta('c'), renamed('bad')]
  for (const one of [...said, delta('d'), renamed('z')]) ingest.take(one)
  expect(() => ingest.drain()).toThrow(DiskFullError)
  full = false
  ingest.drain()
  expect(await shown('z')).toEqual(['a', 'x', 'b', 'y', 'c', 'd', 'z'])
})

test('what was committed is not written again, whoever throws after it', async () => {
  using bench = makeBench()
  let written = 0
  const { ingest, shown } = makeSide(bench, {
    within: () => {
      written += 1
    },
    after: () => {
      throw new Error('broken')
    },
  })
  using _broken = bench.events.woken(() => {
    throw new Error('broken')
  })
  for (const one of [delta('a'), renamed('x'), renamed('y')]) ingest.take(one)
  ingest.drain()
  expect(await shown('y')).toEqual(['a', 'x', 'y'])
  expect(written).toBe(2)
})

test('a drain from inside a commit is refused, and loses nothing', async () => {
  using bench = makeBench()
  const { ingest, shown } = makeSide(bench, {})
  for (const one of [delta('a'), renamed('x')]) ingest.take(one)
  const inside = () => bench.events.commit(() => ingest.drain())
  expect(inside).toThrow('facts cannot be written inside a transaction')
  ingest.drain()
  expect(await shown('x')).toEqual(['a', 'x'])
})

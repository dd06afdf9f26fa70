import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fact } from '../codex/fact.ts'
import { DiskFullError } from '@dispatch/store'
import { endedFact, itemDone, itemFact } from '../../test/bench.ts'
import { fakeClock } from '../clock/fake-clock.ts'
import { makeIngest } from './ingest.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const quiet = { clock: fakeClock(), log: silent }

const renamed = (threadId: string, title: string) => ({
  method: 'thread/name/updated',
  params: { threadId, threadName: title },
})

const makeWritten = () => {
  const written: string[] = []
  const writer = {
    write: (facts: Iterable<Fact>) => {
      for (const fact of facts) if (fact.kind === 'renamed') written.push(fact.title)
    },
  }
  return { written, ingest: makeIngest({ ...quiet, writer }) }
}

test('what comes of a held thread waits for the history that is filled in', () => {
  const { written, ingest } = makeWritten()
  ingest.take(renamed('a', 'before'))
  {
    using _held = ingest.hold('a')
    ingest.take(renamed('a', 'live'))
    ingest.take(renamed('b', 'other'))
    ingest.drain()
    ingest.fillUp([{ kind: 'renamed', threadId: 'a', title: 'history' }])
  }
  expect(written).toEqual(['before', 'other', 'history', 'live'])
})

test('live text that history has overtaken is not shown', () => {
  const { batches, ingest } = makeBatches()
  {
    using _held = ingest.hold('a')
    for (const itemId of ['m', 'n']) ingest.take(delta('a', itemId, itemId))
    ingest.fillUp([itemDone('a', 'u', itemFact('m'))])
  }
  {
    using _held = ingest.hold('a')
    ingest.take(delta('a', 'o', 'o'))
    ingest.fillUp([endedFact('a', 'u')])
  }
  const shown = batches.flat().map((fact) => (fact.kind === 'delta' ? fact.text : fact.kind))
  expect(shown).toEqual(['item-completed', 'n', 'turn-ended'])
})

test('after the hold things are written as they come', () => {
  const { written, ingest } = makeWritten()
  ingest.hold('a')[Symbol.dispose]()
  ingest.take(renamed('a', 'after'))
  ingest.drain()
  expect(written).toEqual(['after'])
})

const delta = (threadId: string, itemId: string, text: string, method = 'agentMessage/delta') => ({
  method: `item/${method}`,
  params: { threadId, turnId: 'u', itemId, delta: text },
})

const makeBatches = () => {
  const batches: Fact[][] = []
  const ingest = makeIngest({
    ...quiet,
    writer: { write: (facts) => void batches.push([...facts]) },
  })
  return { batches, ingest }
}

test('deltas of one stream melt, those of other streams, items and lanes do not', () => {
  const { batches, ingest } = makeBatches()
  ingest.take(delta('a', 'm', '1'))
  ingest.take(delta('a', 'm', '2'))
  ingest.take(delta('b', 'm', '3'))
  ingest.take(delta('a', 'm', '4'))
  ingest.take(delta('a', 'n', '5'))
  ingest.take(delta('a', 'n', '6', 'plan/delta'))
  ingest.take(renamed('a', 'x'))
  ingest.take(delta('a', 'n', '7', 'plan/delta'))
  ingest.drain()
  const shown = batches.flat().map((fact) => (fact.kind === 'delta' ? fact.text : fact.kind))
  expect(shown).toEqual(['124', '3', '5', '6', 'renamed', '7'])
})

test('whatever comes is written once, in its order', () => {
  const steps = fc.array(fc.constantFrom('a', 'b', 'drain', 'hold', 'release'), { maxLength: 60 })
  fc.assert(
    fc.property(steps, (given) => {
      const { batches, ingest } = makeBatches()
      const taken: Record<string, string[]> = { a: [], b: [] }
      let hold: Disposable | null = null
      const release = () => {
        hold?.[Symbol.dispose]()
        hold = null
      }
      for (const [index, step] of given.entries()) {
        if (step === 'drain') ingest.drain()
        else if (step === 'hold') hold ??= ingest.hold('a')
        else if (step === 'release') release()
        else {
          taken[step]?.push(String(index))
          ingest.take(renamed(step, String(index)))
        }
      }
      release()
      ingest.drain()
      for (const threadId of ['a', 'b']) {
        const titles = batches
          .flat()
          .flatMap((fact) =>
            fact.kind === 'renamed' && fact.threadId === threadId ? [fact.title] : [],
          )
        expect(titles).toEqual(taken[threadId])
      }
    }),
  )
})

const waitUntil = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

test('what waits is written in slices, and at once when it is too much', async () => {
  const { batches, ingest } = makeBatches()
  for (let index = 0; index < 3_000; index += 1) ingest.take(renamed('a', String(index)))
  expect(batches).toEqual([])
  await waitUntil(() => batches.flat().length === 3_000)
  expect(batches.map(({ length }) => length)).toEqual([1_024, 1_024, 952])
  for (let index = 0; index < 10_000; index += 1) ingest.take(renamed('a', String(index)))
  expect(batches.slice(3).map(({ length }) => length)).toEqual([1_024])
})

test('a slice ends after 4 ms, and has one fact at least', async () => {
  const clock = fakeClock()
  const sizes: number[] = []
  let cost = 1
  const write = (facts: Iterable<Fact>) => {
    let size = 0
    for (const _ of facts) {
      size += 1
      clock.advance(cost)
    }
    sizes.push(size)
  }
  const ingest = makeIngest({ clock, log: silent, writer: { write } })
  for (let index = 0; index < 12; index += 1) ingest.take(renamed('a', String(index)))
  await waitUntil(() => sizes.length === 3)
  expect(sizes).toEqual([4, 4, 4])
  cost = 8
  for (let index = 0; index < 2; index += 1) ingest.take(renamed('a', String(index)))
  await waitUntil(() => sizes.length === 5)
  expect(sizes.slice(3)).toEqual([1, 1])
})

test('a drain writes everything, in commits of 1,024 facts at most', () => {
  const { batches, ingest } = makeBatches()
  for (let index = 0; index < 3_000; index += 1) ingest.take(renamed('a', String(index)))
  ingest.drain()
  expect(batches.map(({ length }) => length)).toEqual([1_024, 1_024, 952])
})

test('a tap sees what comes of its threads, raw, until it is gone', () => {
  const { ingest } = makeBatches()
  const seen: string[] = []
  {
    using _a = ingest.tap(['a', 'b'], ({ threadId, method }) => seen.push(`${threadId} ${method}`))
    using _b = ingest.tap(['a'], ({ threadId }) => seen.push(threadId))
    ingest.take({ method: 'thread/brandNew', params: { threadId: 'a' } })
    ingest.take({ method: 'thread/brandNew', params: { threadId: 'b' } })
    ingest.take({ method: 'thread/brandNew', params: { threadId: 'c' } })
    ingest.take({ method: 'nothing' })
  }
  ingest.take({ method: 'thread/brandNew', params: { threadId: 'a' } })
  expect(seen).toEqual(['a thread/brandNew', 'a', 'b thread/brandNew'])
})

const nextTurnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve))

test('a full disk loses nothing: what waits is written when there is room again', async () => {
  const written: string[] = []
  let full = true
  const clock = fakeClock()
  const ingest = makeIngest({
    clock,
    log: silent,
    writer: {
      write: (facts) => {
        if (full) throw new DiskFullError('the disk is full', 'registry.db')
        for (const fact of facts) if (fact.kind === 'renamed') written.push(fact.title)
      },
    },
  })
  ingest.take(renamed('a', 'one'))
  await nextTurnOfTheLoop()
  ingest.take(renamed('a', 'two'))
  expect(() => ingest.drain()).toThrow(DiskFullError)
  full = false
  clock.advance(1_000)
  expect(written).toEqual(['one', 'two'])
})

test('a fact that can never be written does not stop the others', () => {
  const written: string[] = []
  const ingest = makeIngest({
    ...quiet,
    writer: {
      write: (facts) => {
        for (const fact of facts) {
          if (fact.kind !== 'renamed') continue
          if (fact.title === 'bad') throw new Error('never')
          written.push(fact.title)
        }
      },
    },
  })
  for (const title of ['bad', 'good']) ingest.take(renamed('a', title))
  ingest.drain()
  expect(written).toEqual(['good'])
})

test('a registry that takes nothing: text is spared, the rest is kept up to a bound, tries are few', async () => {
  let tries = 0
  let full = true
  let overflows = 0
  let written = 0
  const clock = fakeClock()
  const ingest = makeIngest({
    clock,
    log: silent,
    overflow: () => (overflows += 1),
    writer: {
      write: (facts) => {
        tries += 1
        if (full) throw new DiskFullError('the disk is full', 'registry.db')
        written += [...facts].length
      },
    },
  })
  const delta = (item: number) => ({
    method: 'item/agentMessage/delta',
    params: { threadId: 'a', turnId: 'u', itemId: `i${item}`, delta: 'x' },
  })
  for (let count = 0; count < 9_000; count += 1) ingest.take(renamed('a', `${count}`))
  for (let count = 0; count < 20_000; count += 1) ingest.take(delta(count))
  await nextTurnOfTheLoop()
  expect({ tries, overflows }).toEqual({ tries: 2, overflows: 0 })
  for (let count = 0; count < 1_000; count += 1) ingest.take(renamed('a', `more ${count}`))
  expect({ tries, overflows }).toEqual({ tries: 2, overflows: 1 })
  clock.advance(3_000)
  expect(tries).toBe(5)
  full = false
  clock.advance(1_000)
  ingest.drain()
  expect(written).toBe(10_000)
})

test('who is told of what was written may have the rest written, and nothing is written twice', () => {
  const written: string[] = []
  const ingest = makeIngest({
    ...quiet,
    writer: {
      write: (facts) => {
        for (const fact of facts) if (fact.kind === 'renamed') written.push(fact.title)
        if (written.length === 1) ingest.take(renamed('a', 'meanwhile'))
        ingest.drain()
      },
    },
  })
  ingest.take(renamed('a', 'first'))
  ingest.drain()
  expect(written).toEqual(['first', 'meanwhile'])
})

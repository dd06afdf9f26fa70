import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeBench } from '../../../test/bench.ts'
import { makeIndexing } from './indexing.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

test('a thread that is switched off is none, and its end is told', async () => {
  using bench = makeBench()
  let isOn = true
  let ends = 0
  await using indexing = makeIndexing({
    ...bench,
    log: silent,
    place: { registry: bench.store.file, index: join(bench.folder, 'index.db') },
    isOn: () => isOn,
  })
  using _ending = indexing.ended(() => void (ends += 1))
  expect(indexing.isRunning()).toBe(false)
  await indexing.checkpoint()
  expect(indexing.isRunning()).toBe(true)
  isOn = false
  bench.clock.advance(1_000)
  expect(indexing.isRunning()).toBe(false)
  await expect(indexing.checkpoint()).rejects.toMatchObject({ code: 'validation' })
  await indexing[Symbol.asyncDispose]()
  expect(ends).toBe(1)
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { refStem } from '../src/index.ts'
import { makeTempStore } from './temp-store.ts'

it('gives a thread one ref for life and two threads of one stem two', () => {
  using temp = makeTempStore()
  const { refs } = temp.store
  const byStem = new Map<string, string>()
  let pair: [string, string] | undefined
  for (let n = 0; pair === undefined; n += 1) {
    const id = `thread-${n}`
    const other = byStem.get(refStem(id))
    if (other !== undefined) pair = [other, id]
    byStem.set(refStem(id), id)
  }
  const [first, second] = pair.map((id) => refs.allocate(id))
  expect(first?.slice(0, 5)).toBe(second?.slice(0, 5))
  expect(first).not.toBe(second)
  expect(refs.allocate(pair[0])).toBe(first)
  expect(refs.get(pair[1])).toBe(second)
  expect(refs.get('none')).toBeNull()
})

it('gives each of any threads a ref of its own, whatever is asked for in which order', () => {
  const ids = fc.uniqueArray(fc.oneof(fc.uuid({ version: 7 }), fc.string()), { maxLength: 20 })
  fc.assert(
    fc.property(ids, fc.array(fc.nat(), { maxLength: 20 }), (threads, again) => {
      using temp = makeTempStore()
      const { refs } = temp.store
      const given = new Map(threads.map((thread) => [thread, refs.allocate(thread)]))
      expect(new Set(given.values()).size).toBe(threads.length)
      for (const [thread, ref] of given) {
        expect(ref).toMatch(/^0[1-9A-HJ-NP-Za-km-z]{5}$/)
        expect(ref.slice(0, 5)).toBe(refStem(thread))
      }
      for (const at of again) {
        const thread = threads[at % threads.length]
        if (thread !== undefined) expect(refs.allocate(thread)).toBe(given.get(thread))
      }
    }),
    { seed: 1, numRuns: 25 },
  )
})

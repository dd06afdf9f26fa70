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

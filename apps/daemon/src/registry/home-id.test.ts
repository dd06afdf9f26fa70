import { expect, it } from 'vitest'
import { makeBench } from '../../test/bench.ts'
import { homeIdOf } from './home-id.ts'

it('is made once, and another for another home', () => {
  using bench = makeBench()
  using other = makeBench()
  expect(homeIdOf(bench.store)).toBe(homeIdOf(bench.store))
  expect(homeIdOf(other.store)).not.toBe(homeIdOf(bench.store))
})

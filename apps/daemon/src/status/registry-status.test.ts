import { expect, it } from 'vitest'
import { addLane, makeBench } from '../../test/bench.ts'
import { makeRegistryStatus } from './registry-status.ts'

it('is read anew when something was written, and only then', () => {
  using bench = makeBench()
  const { store } = bench
  addLane(store, 'a', { status: 'busy', activeTurnId: 'u' })
  const status = makeRegistryStatus(store)
  const first = status()
  expect(first.lanes).toMatchObject({ total: 1, busy: 1 })
  expect(status()).toBe(first)
  store.lanes.update('a', { status: 'idle', activeTurnId: null })
  expect(status().lanes).toMatchObject({ total: 1, busy: 0 })
})

it('keeps nothing of a transaction that is taken back', () => {
  using bench = makeBench()
  const { store } = bench
  addLane(store, 'a')
  const status = makeRegistryStatus(store)
  expect(() =>
    store.transaction(() => {
      addLane(store, 'b')
      expect(status().lanes.total).toBe(2)
      throw new Error('taken back')
    }),
  ).toThrow('taken back')
  expect(status().lanes.total).toBe(1)
})

import { DiskFullError, LockedDatabaseError, type Store } from '@dispatch/store'
import { expect, it } from 'vitest'
import { makeBench } from '../../test/bench.ts'
import { makeFullness } from './fullness.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

const failing = (store: Store, error: () => Error | null): Store => ({
  ...store,
  transaction: (fn) => {
    const thrown = error()
    if (thrown) throw thrown
    return store.transaction(fn)
  },
})

it('refuses what writes from the first write that found no room until there is room again', () => {
  using bench = makeBench()
  let error: Error | null = null
  let regained = 0
  const { clock } = bench
  const store = failing(bench.store, () => error)
  const log = silent
  using fullness = makeFullness({ store, clock, log, regained: () => (regained += 1) })
  const write = () => fullness.store.transaction(() => bench.store.runtime.set('a', 1))
  write()
  fullness.refuse('new')
  error = new LockedDatabaseError('locked', '/h/registry.db')
  expect(write).toThrow(LockedDatabaseError)
  fullness.refuse('new')
  expect([fullness.problems(), clock.pending()]).toEqual([[], 0])

  error = new DiskFullError('the disk of /h/registry.db is full', '/h/registry.db')
  expect(write).toThrow(DiskFullError)
  expect(write).toThrow(DiskFullError)
  expect(() => fullness.refuse('new')).toThrow(
    expect.objectContaining({
      code: 'internal',
      message: 'the disk of /h/registry.db is full.',
      hint: expect.stringContaining('Free some space') as string,
    }),
  )
  fullness.refuse('stop')
  expect(fullness.problems()).toHaveLength(1)
  clock.advance(5_000)
  expect({ regained, pending: clock.pending() }).toEqual({ regained: 0, pending: 1 })

  error = null
  clock.advance(1_000)
  fullness.refuse('new')
  expect({ regained, pending: clock.pending() }).toEqual({ regained: 1, pending: 0 })
  expect(fullness.problems()).toEqual([])

  error = new DiskFullError('the disk of /h/registry.db is full', '/h/registry.db')
  expect(write).toThrow(DiskFullError)
  error = null
  // A write that finds room does not wait for the probe.
  write()
  fullness.refuse('new')
  expect({ regained, pending: clock.pending() }).toEqual({ regained: 2, pending: 0 })
})

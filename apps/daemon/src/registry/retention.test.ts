import { DiskFullError } from '@dispatch/store'
import { expect, it } from 'vitest'
import { addLane, makeBench, triggerRow } from '../../test/bench.ts'
import { runRow } from '../../test/trigger-room.ts'
import { keepRetention } from './retention.ts'

const HOUR = 3_600_000
const retention = () => ({ eventDays: 1, eventRows: 9, auditDays: 1, archivedDays: 1 })

it('goes past slices of which everything is kept, and begins anew an hour later', async () => {
  using bench = makeBench()
  const { store, clock } = bench
  addLane(store, 'a')
  store.transaction(() => {
    for (let id = 0; id < 1_100; id += 1) {
      store.triggers.insert(triggerRow(`t${id}`, { state: 'paused' }))
      store.triggerRuns.insert(runRow(`last-of-${id}`, { triggerId: `t${id}`, outcome: 'fired' }))
    }
  })
  const addOld = (id: string): void =>
    void store.triggerRuns.insert(runRow(id, { triggerId: 't0', outcome: 'skipped', createdAt: 2 }))
  addOld('first')
  let isFull = false
  const warned = Promise.withResolvers<string>()
  using _keeping = keepRetention({
    store: {
      ...store,
      upkeep: {
        ...store.upkeep,
        prune: (limits) => {
          if (isFull) throw new DiskFullError('the disk is full', 'registry.db')
          return store.upkeep.prune(limits)
        },
      },
    },
    clock,
    log: { debug() {}, info() {}, warn: (event) => warned.resolve(event), error() {} },
    retention,
  })
  const ended = async (): Promise<void> => {
    while (clock.pending() === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  clock.advance(0)
  await ended()
  expect(store.triggerRuns.get('first')).toBeNull()
  addOld('second')
  isFull = true
  clock.advance(HOUR)
  expect(await warned.promise).toBe('retention.failed')
  isFull = false
  clock.advance(HOUR)
  await ended()
  expect(store.triggerRuns.get('second')).toBeNull()
  expect(store.triggerRuns.get('last-of-1099')).not.toBeNull()
})

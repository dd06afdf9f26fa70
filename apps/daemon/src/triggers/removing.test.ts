import { expect, it } from 'vitest'
import { addLane, makeBench } from '../../test/bench.ts'
import { everyRow, runRow } from '../../test/trigger-room.ts'
import { makeRemoving } from './removing.ts'

const HOUR = 3_600_000

it('takes a trigger with many occurrences away in slices, and nobody fires it meanwhile', async () => {
  using bench = makeBench()
  const { store, clock } = bench
  addLane(store, 'a')
  store.triggers.insert(everyRow(HOUR, { armedAt: 0, nextAt: clock.now() }))
  store.transaction(() => {
    for (let id = 0; id < 1_200; id += 1)
      store.triggerRuns.insert(runRow(`${id}`, { outcome: 'skipped' }))
  })
  const left = () =>
    store.triggerRuns.list({ triggerId: 't', outcome: null, limit: 2_000, before: null }).length
  const seen: number[] = []
  const removed = makeRemoving(bench).remove(
    store.triggers.get('t') ?? everyRow(HOUR, { nextAt: 0 }),
  )
  while (store.triggers.get('t') !== null) {
    seen.push(left())
    expect(store.triggers.due(clock.now(), 1)).toEqual([])
    expect(store.triggers.get('t')).toMatchObject({
      state: 'paused',
      reason: expect.stringContaining('dispatch trigger rm t --yes'),
    })
    await new Promise((resolve) => setImmediate(resolve))
  }
  await removed
  expect(seen).toEqual([700, 200])
  expect(left()).toBe(0)
})

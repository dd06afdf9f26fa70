import { DiskFullError } from '@dispatch/store'
import { expect, it } from 'vitest'
import { addLane, type Bench, goalRow, makeBench, triggerRow } from '../../test/bench.ts'
import { fullEvents, makeTriggerRoom, runRow } from '../../test/trigger-room.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import { makeDetach, refusalOfBusy } from './detach.ts'

/** A lane with two triggers, one of which has fired often, and the forgetting of lanes. */
const makeScene = (bench: Bench, isFull: () => boolean = () => false) => {
  const { store } = bench
  const lane = addLane(store, 'a', { source: 'attached' })
  store.transaction(() => {
    for (const id of ['t', 'u']) store.triggers.insert(triggerRow(id, { createdAt: 1 }))
    for (let id = 0; id < 1_200; id += 1)
      store.triggerRuns.insert(runRow(`${id}`, { outcome: 'skipped' }))
  })
  const scene = { ...bench, events: fullEvents(bench.events, isFull) }
  const room = makeTriggerRoom(scene)
  const detach = makeDetach({
    ...scene,
    link: { current: () => null } as unknown as CodexLink,
    workers: { run: async (_, step) => await step(), drained: () => Promise.resolve() },
    unloading: { unload: () => Promise.resolve(true), unloaded: () => undefined },
    removeTriggers: room.triggers.removeOf,
    touched: () => undefined,
  })
  const left = () =>
    store.triggerRuns.list({ triggerId: null, outcome: null, limit: 2_000, before: null }).length
  return {
    left,
    detach: () => detach.detach(lane),
    [Symbol.asyncDispose]: room[Symbol.asyncDispose],
  }
}

it('a lane that works at a goal is stopped, not waited for', () => {
  using bench = makeBench()
  const { store } = bench
  const lane = addLane(store, 't', { activeTurnId: 'u', status: 'busy' })
  expect(refusalOfBusy(store, lane, 'release')?.hint).toContain('dispatch wait')
  store.goals.put(goalRow('t'))
  const refusal = refusalOfBusy(store, lane, 'release')
  expect(refusal).toMatchObject({ code: 'lane_busy' })
  expect(refusal?.hint).toBe(
    `dispatch stop ${lane.ref} pauses it; then dispatch release ${lane.ref}`,
  )
  const asking = { ...lane, status: 'waiting_approval' as const, activeTurnId: null }
  expect(refusalOfBusy(store, asking, 'release')?.hint).toContain('dispatch request list')
})

it('takes the occurrences of its triggers away in slices, and the lane after them', async () => {
  using bench = makeBench()
  await using scene = makeScene(bench)
  const { store } = bench
  const seen = new Set<number>()
  const detached = scene.detach()
  while (store.lanes.get('a') !== null) {
    seen.add(scene.left())
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { notes } = await detached
  expect([...seen]).toEqual([1_200, 700, 200, 0])
  expect(store.triggers.counts()).toMatchObject({ active: 0, paused: 0 })
  expect(notes).toEqual(['Gone with it: 2 triggers.'])
})

it('that was cut off is done by the same command, and fires nothing meanwhile', async () => {
  using bench = makeBench()
  const { store } = bench
  let isCut = true
  await using scene = makeScene(bench, () => isCut && scene.left() < 500)
  await expect(scene.detach()).rejects.toBeInstanceOf(DiskFullError)
  expect(store.lanes.get('a')).not.toBeNull()
  expect(scene.left()).toBe(200)
  expect(store.triggers.get('t')).toMatchObject({ state: 'paused' })
  isCut = false
  await scene.detach()
  expect([store.lanes.get('a'), store.triggers.get('t'), scene.left()]).toEqual([null, null, 0])
})

it('leaves a lane that was given more to do while its triggers went', async () => {
  using bench = makeBench()
  const { store } = bench
  await using scene = makeScene(bench)
  const detached = scene.detach()
  while (scene.left() === 1_200) await new Promise((resolve) => setImmediate(resolve))
  store.lanes.update('a', { activeTurnId: 'u', status: 'busy' })
  await expect(detached).rejects.toMatchObject({ code: 'lane_busy' })
  expect(store.lanes.get('a')).not.toBeNull()
})

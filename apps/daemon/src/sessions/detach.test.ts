import { DiskFullError } from '@dispatch/store'
import { expect, it } from 'vitest'
import { addLane, type Bench, deliveryRow, goalRow, makeBench } from '../../test/bench.ts'
import { everyRow, fullEvents, makeTriggerRoom, runRow } from '../../test/trigger-room.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import { makeDetach, refusalOfBusy } from './detach.ts'

const HOUR = 3_600_000

type SceneOptions = {
  isFull?: () => boolean
  source?: 'own' | 'attached'
  /** While Codex lets its thread go. */
  unloading?: () => void
}

/** A lane with two triggers, one of which has fired often, and the forgetting of lanes. */
const makeScene = (bench: Bench, options: SceneOptions = {}) => {
  const { store, clock } = bench
  const { isFull = () => false, source = 'attached' } = options
  const lane = addLane(store, 'a', { source })
  const nextAt = clock.now() + HOUR
  store.transaction(() => {
    for (const id of ['t', 'u'])
      store.triggers.insert({ ...everyRow(HOUR, { armedAt: clock.now(), nextAt }), id })
    for (let id = 0; id < 1_200; id += 1)
      store.triggerRuns.insert(runRow(`${id}`, { outcome: 'skipped' }))
  })
  const scene = { ...bench, events: fullEvents(bench.events, isFull) }
  const room = makeTriggerRoom(scene)
  const detach = makeDetach({
    ...scene,
    link: { current: () => ({}) } as unknown as CodexLink,
    workers: { run: async (_, step) => await step(), drained: () => Promise.resolve() },
    unloading: {
      unload: () => {
        options.unloading?.()
        return Promise.resolve(true)
      },
      unloaded: () => undefined,
    },
    removeTriggers: room.triggers.removeOf,
    touched: () => undefined,
  })
  const left = () =>
    store.triggerRuns.list({ triggerId: null, outcome: null, limit: 2_000, before: null }).length
  /** All that would ever be looked at. */
  const due = () => store.triggers.due(Number.MAX_SAFE_INTEGER, 9).map(({ id }) => id)
  return {
    lane,
    left,
    due,
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
  await using scene = makeScene(bench, { isFull: () => isCut && scene.left() < 500 })
  expect(scene.due()).toEqual(['t', 'u'])
  const cut = expect(scene.detach()).rejects.toBeInstanceOf(DiskFullError)
  while (scene.left() === 1_200) await new Promise((resolve) => setImmediate(resolve))
  expect([scene.due(), scene.left()]).toEqual([[], 700])
  await cut
  expect(store.lanes.get('a')).not.toBeNull()
  expect([scene.due(), scene.left()]).toEqual([[], 200])
  const reason = `The detaching of its lane was cut off: dispatch detach ${scene.lane.ref} --yes`
  for (const id of ['t', 'u'])
    expect(store.triggers.get(id)).toMatchObject({ state: 'paused', reason })
  isCut = false
  await scene.detach()
  expect([store.lanes.get('a'), store.triggers.get('t'), scene.left()]).toEqual([null, null, 0])
})

it('leaves a lane that was given more to do before its triggers went, with all of them', async () => {
  using bench = makeBench()
  const { store } = bench
  const unloading = (): void => void store.lanes.update('a', { activeTurnId: 'u', status: 'busy' })
  await using scene = makeScene(bench, { source: 'own', unloading })
  await expect(scene.detach()).rejects.toMatchObject({ code: 'lane_busy' })
  expect(store.lanes.get('a')).not.toBeNull()
  expect([scene.due(), scene.left()]).toEqual([['t', 'u'], 1_200])
})

it('goes through once its triggers go, and says what the lane was given to do meanwhile', async () => {
  using bench = makeBench()
  const { store } = bench
  await using scene = makeScene(bench)
  const detached = scene.detach()
  while (scene.left() === 1_200) await new Promise((resolve) => setImmediate(resolve))
  store.lanes.update('a', { activeTurnId: 'u', status: 'busy' })
  store.deliveries.insert(deliveryRow('d', 'a', { state: 'queued' }))
  const { notes } = await detached
  expect(notes).toEqual([
    'Its turn goes on.',
    'Gone with it: 1 message that wait for it.',
    'Gone with it: 2 triggers.',
  ])
  expect([store.lanes.get('a'), store.triggers.get('t'), scene.left()]).toEqual([null, null, 0])
})

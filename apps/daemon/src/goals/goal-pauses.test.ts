import { expect, test, vi } from 'vitest'
import {
  addLane,
  type Bench,
  deliveryRow,
  fakeClient,
  fakeLink,
  goalRow,
  ingestOf,
  laneWorkers,
  makeBench,
} from '../../test/bench.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import { makeGoalCalls } from './goal-calls.ts'
import { makeGoalPauses } from './goal-pauses.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** A goal of the lane `a`, and a Codex that fails as often as it is told to. */
const makeRoom = (bench: Bench) => {
  const { store, changes, clock } = bench
  addLane(store, 'a')
  store.goals.put(goalRow('a'))
  let goal: object = { ...goalRow('a'), createdAt: 1, updatedAt: 1 }
  const room = { standing: 'idle' as ThreadFact['standing'], failures: 0, wrote: 0 }
  const ingest = ingestOf(bench, () => (room.wrote += 1))
  const client = fakeClient({
    'thread/goal/get': () => ({ goal }),
    'thread/goal/set': (change) => {
      if (room.failures > 0) {
        room.failures -= 1
        throw new Error('not now')
      }
      goal = { ...goal, ...change }
      ingest.take({ method: 'thread/goal/updated', params: { threadId: 'a', turnId: null, goal } })
      return { goal }
    },
  })
  const pauses = makeGoalPauses({
    ...bench,
    log: silent,
    link: fakeLink(client),
    ingest,
    workers: laneWorkers(),
    loading: { load: async () => {} } as never,
    calls: makeGoalCalls({ store, clock, ingest, changes }),
    threads: { read: async () => ({ standing: room.standing }) as ThreadFact },
    isDraining: () => false,
    backoffMs: () => 1_000,
  })
  return { room, ingest, pauses, kept: () => store.goals.get('a') }
}

const started = {
  method: 'turn/started',
  params: {
    threadId: 'a',
    turn: { id: 'u', status: 'inProgress', items: [], startedAt: 1, error: null },
  },
}

test('a pause sees the turn that Codex had begun, and what tells of it is written once', async () => {
  using bench = makeBench()
  const { room, ingest, pauses } = makeRoom(bench)
  room.standing = 'busy'
  const pausing = pauses.beforeMessage('a')
  await vi.waitFor(() => expect(bench.clock.pending()).toBe(1))
  const before = room.wrote
  ingest.take(started)
  await pausing
  expect(room.wrote - before).toBe(1)
  expect(bench.store.lanes.get('a')?.activeTurnId).toBe('u')
})

test('an activation that fails is tried again until it is done', async () => {
  using bench = makeBench()
  const { room, pauses, kept } = makeRoom(bench)
  await pauses.beforeMessage('a')
  room.failures = 2
  await pauses.settle('a')
  expect(kept()).toMatchObject({ status: 'paused', pausedFor: 'message' })
  bench.clock.advance(1_000)
  await vi.waitFor(() =>
    expect({ ...room, due: bench.clock.pending() }).toMatchObject({ failures: 0, due: 1 }),
  )
  bench.clock.advance(1_000)
  await vi.waitFor(() => expect(kept()).toMatchObject({ status: 'active', pausedFor: null }))
  expect(bench.clock.pending()).toBe(0)
})

test('nothing is tried again by who has left', async () => {
  using bench = makeBench()
  const { room, pauses } = makeRoom(bench)
  await pauses.beforeMessage('a')
  room.failures = 1
  await pauses.settle('a')
  pauses[Symbol.dispose]()
  expect(bench.clock.pending()).toBe(0)
})

test('the goal of new goes on with the first turn, whoever began it', async () => {
  using bench = makeBench()
  const { pauses, kept, ingest } = makeRoom(bench)
  await pauses.beforeMessage('a')
  pauses.mark('a', 'new')
  await pauses.settle('a')
  expect(kept()).toMatchObject({ status: 'paused', pausedFor: 'new' })
  ingest.take(started)
  await pauses.settle('a')
  expect(kept()).toMatchObject({ status: 'active', pausedFor: null })
})

test('a join finds that a message waits behind the turn of the goal', async () => {
  using bench = makeBench()
  const { pauses, kept, ingest } = makeRoom(bench)
  ingest.take(started)
  ingest.drain()
  bench.store.deliveries.enqueue(deliveryRow('d', 'a', { mode: 'queue', state: 'queued' }))
  await pauses.joined('a')
  expect(kept()).toMatchObject({ status: 'paused', pausedFor: 'message' })
})

test('what Codex has counts, however the clock was set meanwhile', async () => {
  using bench = makeBench()
  const { pauses, kept } = makeRoom(bench)
  const later = bench.clock.now() + 3_600_000
  bench.store.goals.put(goalRow('a', { objective: 'old', status: 'blocked', heardAt: later }))
  await pauses.joined('a')
  expect(kept()).toMatchObject({ objective: 'ship', status: 'active' })
})

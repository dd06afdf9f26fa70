import type { LaneRow } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  deliveryRow,
  deliveryWriter,
  fakeClient,
  fakeLink,
  makeBench,
} from '../../test/bench.ts'
import type { LaneLoading } from './lane-loading.ts'
import { makeLaneWorkers } from './lane-worker.ts'
import { makeRejoin } from './rejoin.ts'

const makeRoom = (bench: Bench) => {
  const reconciled: string[] = []
  let resets = 0
  const workers = makeLaneWorkers()
  const rejoin = makeRejoin({
    ...bench,
    link: () => fakeLink(null),
    workers,
    loading: { reset: () => void (resets += 1) } as LaneLoading,
    deliveries: deliveryWriter(bench),
    wakeQueues: () => {},
    reconcile: async (threadId) => void reconciled.push(threadId),
    finishCreations: () => {},
    caughtUp: () => {},
  })
  const lane = (threadId: string, part: Partial<LaneRow> = {}) =>
    addLane(bench.store, threadId, part)
  const join = async (fresh: boolean) => {
    rejoin.joined({ client: fakeClient({}), fresh })
    await workers.drained()
  }
  return { rejoin, reconciled, lane, join, resets: () => resets }
}

const typesOf = async (bench: Bench) => (await bench.happened()).map(({ type }) => type)

describe('a join', () => {
  it('brings every lane with open work up to date, and no other', async () => {
    using bench = makeBench()
    const { reconciled, lane, join } = makeRoom(bench)
    lane('idle')
    lane('busy', { activeTurnId: 'u', status: 'busy' })
    lane('unknown', { status: 'unknown' })
    lane('sent')
    lane('asked')
    lane('gone', { activeTurnId: 'u', archivedAt: 1, status: 'archived' })
    bench.store.deliveries.insert(deliveryRow('d', 'sent'))
    bench.store.deliveries.insert(deliveryRow('e', 'asked', { state: 'ambiguous' }))
    await join(false)
    expect(reconciled.toSorted()).toEqual(['asked', 'busy', 'sent', 'unknown'])
    expect(await typesOf(bench)).toEqual(['codex.joined', 'gap'])
  })

  it('of a fresh server with nothing open misses nothing', async () => {
    using bench = makeBench()
    const { lane, join, resets } = makeRoom(bench)
    lane('idle')
    await join(true)
    expect(await typesOf(bench)).toEqual(['codex.started'])
    expect(resets()).toBe(1)
  })

  it('ends ephemeral lanes and what was on its way to them', async () => {
    using bench = makeBench()
    const { rejoin, reconciled, lane, join } = makeRoom(bench)
    lane('e', { ephemeral: true, activeTurnId: 'u', status: 'busy' })
    bench.store.deliveries.insert(deliveryRow('d', 'e'))
    await join(true)
    expect(bench.store.lanes.get('e')).toMatchObject({ status: 'archived', activeTurnId: null })
    expect(bench.store.deliveries.get('d')).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('ephemeral'),
    })
    expect(reconciled).toEqual([])
    expect(rejoin.hasOpenWork()).toBe(false)
  })
})

describe('a loss', () => {
  it('of the server leaves nobody knowing how busy lanes stand', async () => {
    using bench = makeBench()
    const { rejoin, lane } = makeRoom(bench)
    lane('idle')
    lane('busy', { activeTurnId: 'u', status: 'busy' })
    rejoin.lost({ dead: true, reason: 'killed' })
    rejoin.lost({ dead: true, reason: 'killed' })
    expect(bench.store.lanes.get('busy')).toMatchObject({ status: 'unknown', activeTurnId: 'u' })
    expect(bench.store.lanes.get('idle')?.status).toBe('idle')
    expect(await typesOf(bench)).toEqual(['codex.lost', 'lane.status-changed', 'codex.lost'])
  })

  it('of the connection alone changes no lane', async () => {
    using bench = makeBench()
    const { rejoin, lane } = makeRoom(bench)
    lane('busy', { activeTurnId: 'u', status: 'busy' })
    rejoin.lost({ dead: false, reason: 'cut' })
    expect(bench.store.lanes.get('busy')?.status).toBe('busy')
    expect(await typesOf(bench)).toEqual(['codex.lost'])
  })
})

it.each([
  ['a busy lane', { status: 'busy', activeTurnId: 'u' } as const, [], true],
  ['a lane that asks', { status: 'waiting_approval' } as const, [], true],
  ['a message on its way', {}, ['submitting'] as const, true],
  ['a message that cannot be told', {}, ['ambiguous'] as const, false],
  ['an idle lane', {}, [], false],
])('open work is %s', (_name, part, states, open) => {
  using bench = makeBench()
  const { rejoin, lane } = makeRoom(bench)
  lane('t', part)
  for (const state of states) bench.store.deliveries.insert(deliveryRow('d', 't', { state }))
  expect(rejoin.hasOpenWork()).toBe(open)
})

import { CodexRpcError } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  deliveryRow,
  fakeClient,
  fakeLink,
  laneWorkers,
  makeBench,
} from './bench.ts'
import type { GoalPauses } from '../src/goals/goal-pauses.ts'
import { makeGoalStopper } from '../src/goals/goal-stop.ts'
import type { LaneLoading } from '../src/lanes/lane-loading.ts'
import { makeStopper } from '../src/turns/stop.ts'

const { signal } = new AbortController()

const refusal = (message: string) => new CodexRpcError('turn/interrupt', { code: -32600, message })

const makeRoom = (bench: Bench, interrupt: () => unknown) => {
  const client = fakeClient({
    'turn/interrupt': interrupt,
    'thread/backgroundTerminals/clean': () => ({}),
  })
  const workers = laneWorkers()
  const loading = { load: async () => null } as unknown as LaneLoading
  const room = { ...bench, link: fakeLink(client), workers, loading }
  const stopper = makeGoalStopper({
    ...room,
    pauses: {} as GoalPauses,
    stopper: makeStopper(room),
  })
  const begin = () => {
    const lane = addLane(bench.store, 't', { activeTurnId: 'u', latestTurnId: 'u' })
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'started', startedAt: 1 })
    return lane
  }
  /** As the end of a turn that completes: it lifts the hold. */
  const end = () => {
    bench.store.lanes.update('t', { activeTurnId: null, held: false })
    bench.changes.touched(['t'])
  }
  const held = () => bench.store.lanes.get('t')?.held
  return { client, workers, stopper, begin, end, held }
}

const queued = deliveryRow('q', 't', { state: 'queued', mode: 'queue' })

describe('stopping a turn that ends by itself just then', () => {
  it.each(['no active turn to interrupt', 'expected active turn id u but found v'])(
    'holds the queue before anything of it can start: %s',
    async (message) => {
      using bench = makeBench()
      const room = makeRoom(bench, () => {
        expect(room.held()).toBe(true)
        room.end()
        // As the queue's runner: it comes to the lane's worker next.
        void room.workers.run('t', async () => void seen.push(room.held()))
        throw refusal(message)
      })
      const seen: (boolean | undefined)[] = []
      const lane = room.begin()
      bench.store.deliveries.enqueue(queued)
      const stopped = await room.stopper.stop(lane, signal)
      expect(stopped).toMatchObject({ stopped: false, reason: 'the turn has ended' })
      await room.workers.drained()
      expect([seen, bench.store.lanes.get('t')]).toMatchObject([[true], { heldFor: 'stopped' }])
    },
  )

  it('leaves a lane alone that has no queue', async () => {
    using bench = makeBench()
    const room = makeRoom(bench, () => {
      room.end()
      throw refusal('no active turn to interrupt')
    })
    await room.stopper.stop(room.begin(), signal)
    expect(room.held()).toBe(false)
  })
})

describe('stopping', () => {
  it('takes no other refusal for the end of the turn', async () => {
    using bench = makeBench()
    const room = makeRoom(bench, () => {
      throw refusal('internal error')
    })
    await expect(room.stopper.stop(room.begin(), signal)).rejects.toMatchObject({
      code: 'app_server',
      message: expect.stringContaining('internal error'),
    })
  })

  it('counts a lane whose message is on its way, and stops the turn that it begins', async () => {
    using bench = makeBench()
    const room = makeRoom(bench, () => {
      room.end()
      return {}
    })
    addLane(bench.store, 't')
    addLane(bench.store, 'idle')
    bench.store.deliveries.insert(deliveryRow('d', 't'))
    const [lane, ...others] = room.stopper.busy()
    expect([lane?.threadId, others]).toEqual(['t', []])
    if (!lane) return
    const stopping = room.stopper.stop(lane, signal)
    await room.workers.drained()
    bench.store.lanes.update('t', { activeTurnId: 'u', latestTurnId: 'u' })
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'started', startedAt: 1 })
    bench.changes.touched(['t'])
    expect(await stopping).toMatchObject({ turnId: 'u', stopped: true })
  })
})

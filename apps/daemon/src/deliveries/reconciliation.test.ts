import type { CodexClient } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  deliveryRow,
  fakeClient,
  fakeLink,
  fenceOf,
  type Bench,
  makeBench,
} from '../../test/bench.ts'
import { CodexRpcError } from '@dispatch/codex-client'
import type { LaneRow } from '@dispatch/store'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { Log } from '../log/log.ts'
import type { Ingest } from '../turns/ingest.ts'
import type { Evidence } from './decide.ts'
import { type DeliveryWriter, makeDeliveryWriter } from './delivery-writer.ts'
import { makeReconciliation } from './reconciliation.ts'

const server = { pid: 7, startedAt: 70 }
const absent: Evidence = { inHistory: null, sameTextInRollout: 0, twins: 0 }

type Given = {
  queued?: number[]
  inFlight?: number[]
  gauges?: object[]
  evidence?: () => Promise<Evidence>
  load?: (lane: LaneRow) => Promise<void>
  writer?: DeliveryWriter
}

const makeRoom = (bench: Bench, given: Given = {}) => {
  const { queued = [], inFlight = [], evidence = async () => absent, load } = given
  const again: string[] = []
  const times: number[] = []
  const logged: string[] = []
  const loaded: string[] = []
  const touched: string[] = []
  const client = fakeClient({
    'server/diagnostics': () => {
      const at = times.push(bench.clock.monotonic()) - 1
      // The pause, if there is one, begins after the answer.
      setImmediate(() => bench.clock.advance(500))
      return {
        process: { id: 7 },
        gauges: given.gauges ?? [
          { name: 'app.requests.queued', value: queued[at] ?? 0 },
          { name: 'app.requests.in_flight', value: inFlight[at] ?? 1 },
        ],
      }
    },
  })
  const tell = (event: string) => void logged.push(event)
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell }
  const { reconcile, ...room } = makeReconciliation({
    ...bench,
    log,
    link: fakeLink(client),
    fence: fenceOf(bench, client),
    ingest: { drain: () => {} } as Ingest,
    loading: {
      load: async (_client: CodexClient, lane: LaneRow) => {
        loaded.push(lane.threadId)
        await load?.(lane)
        return null
      },
    } as unknown as LaneLoading,
    deliveries: given.writer ?? makeDeliveryWriter(bench),
    gatherEvidence: evidence,
    backoffMs: (attempt) => 125 * 2 ** attempt,
    again: (threadId) => void again.push(threadId),
    touched: (threadIds) => touched.push(...threadIds),
  })
  return { ...room, reconcile, times, logged, loaded, touched, again }
}

describe('the fence', () => {
  it('is passed when the same server was quiet twice, half a second apart', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't', { server }))
    const room = makeRoom(bench, { queued: [3, 0, 0], inFlight: [1, 2, 1] })
    await room.reconcile('t', { load: false })
    expect(room.times).toEqual([0, 500, 1_000, 1_500])
    expect(bench.store.deliveries.get('d')?.state).toBe('failed')
    expect(room.touched).toEqual(['t'])
  })

  it('is passed where the server has never queued a request, and so tells of none', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't', { server }))
    const room = makeRoom(bench, { gauges: [{ name: 'app.requests.in_flight', value: 1 }] })
    await room.reconcile('t', { load: false })
    expect(room.times).toEqual([0, 500])
    expect(bench.store.deliveries.get('d')?.state).toBe('failed')
  })

  it('begins anew where the server is busy again in between', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't', { server }))
    const room = makeRoom(bench, { queued: [0, 1, 0, 0] })
    await room.reconcile('t', { load: false })
    expect(room.times).toHaveLength(4)
  })

  it.each([
    ['is never quiet', { queued: Array.from({ length: 99 }, () => 1) }],
    ['does not tell', { gauges: [{ name: 'app.requests.queued', value: 0 }] }],
  ])('is left after five seconds where the server %s, and come back to', async (_name, given) => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't', { server }))
    const room = makeRoom(bench, given)
    await room.reconcile('t', { load: false })
    expect(bench.clock.monotonic()).toBe(5_000)
    expect(bench.store.deliveries.get('d')?.state).toBe('submitting')
    expect(room.again).toEqual([])
    bench.clock.advance(250)
    expect(room.again).toEqual(['t'])
  })

  it('is not needed where the server that could have had the message is gone', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const gone = [{ pid: 6, startedAt: 70 }, { pid: 7, startedAt: 69 }, null]
    gone.forEach((instance, index) =>
      bench.store.deliveries.insert(deliveryRow(`d${index}`, 't', { server: instance })),
    )
    const room = makeRoom(bench)
    await room.reconcile('t', { load: false })
    expect(room.times).toEqual([])
    expect(bench.store.deliveries.unsettled('t')).toEqual([])
  })
})

describe('judging', () => {
  it('waits for an active turn, which may have begun behind the fence', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u' })
    bench.store.deliveries.insert(deliveryRow('d', 't', { server }))
    const room = makeRoom(bench)
    await room.reconcile('t', { load: false })
    expect(bench.store.deliveries.get('d')?.state).toBe('submitting')
    // The fence would keep a stop waiting behind it in the worker.
    expect(room.times).toEqual([])
  })

  it('leaves what is ambiguous to a person, and loads the lane first on request', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't', { state: 'ambiguous' }))
    const room = makeRoom(bench)
    await room.reconcile('t', { load: true })
    expect(room.loaded).toEqual(['t'])
    expect(bench.store.deliveries.get('d')?.state).toBe('ambiguous')
  })

  it.each(['send', 'queue'] as const)(
    'leaves alone what a person has discarded while evidence was gathered: %s',
    async (mode) => {
      using bench = makeBench()
      addLane(bench.store, 't')
      const row = deliveryRow('d', 't', { state: 'ambiguous', mode })
      bench.store.deliveries.insert(row)
      const retry = () => ({ attempts: 8, cap_seconds: 300, spread: 0 })
      const writer = makeDeliveryWriter({ ...bench, retry })
      const evidence = async () => {
        bench.events.commit((tx) => writer.takenBack(tx, row, 'discarded'))
        return absent
      }
      const room = makeRoom(bench, { evidence, writer })
      await room.reconcile('t', { load: false, undecided: true })
      expect(bench.store.deliveries.get('d')).toMatchObject({ state: 'discarded', text: '' })
      expect(bench.store.deliveries.queue('t')).toEqual([])
      expect((await bench.happened()).at(-1)?.type).toBe('delivery.discarded')
    },
  )

  it('leaves the message as it is where history cannot be read, and says so', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't'))
    const evidence = () => Promise.reject(new Error('no answer'))
    const room = makeRoom(bench, { evidence })
    await room.reconcile('t', { load: false })
    expect(bench.store.deliveries.get('d')?.state).toBe('submitting')
    expect(room.logged).toEqual(['lane.reconcile-failed'])
  })

  it('is silent on lanes that are not there', async () => {
    using bench = makeBench()
    const room = makeRoom(bench)
    await room.reconcile('nobody', { load: true })
    expect(room.loaded).toEqual([])
  })
})

describe('a lane that could not be loaded', () => {
  const refusal = (message: string) => new CodexRpcError('thread/resume', { code: -32600, message })

  it('is loaded again, ever later, for as long as its turn is open', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u', status: 'busy' })
    let fails = true
    const load = async () => {
      if (fails) throw refusal('thread t already has an active writer')
    }
    const room = makeRoom(bench, { load })
    for (const wait of [250, 500, 1_000]) {
      await room.reconcile('t', { load: true })
      bench.clock.advance(wait - 1)
      const before = room.again.length
      bench.clock.advance(1)
      expect(room.again).toHaveLength(before + 1)
    }
    fails = false
    await room.reconcile('t', { load: true })
    expect(bench.clock.pending()).toBe(0)
  })

  it('is let be where nothing is open, or where everything ends', async () => {
    using bench = makeBench()
    const lane = addLane(bench.store, 't')
    const load = () => Promise.reject(refusal('no'))
    const room = makeRoom(bench, { load })
    await room.reconcile('t', { load: true })
    expect(bench.clock.pending()).toBe(0)
    bench.store.lanes.update(lane.threadId, { activeTurnId: 'u' })
    await room.reconcile('t', { load: true })
    expect(bench.clock.pending()).toBe(1)
    room[Symbol.dispose]()
    expect(bench.clock.pending()).toBe(0)
  })

  it('has its messages judged where the thread is gone', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't'))
    const load = () => Promise.reject(refusal('no rollout found for thread id t'))
    const room = makeRoom(bench, { load })
    await room.reconcile('t', { load: true })
    expect(bench.store.deliveries.get('d')?.state).toBe('failed')
    expect(bench.clock.pending()).toBe(0)
  })

  it('leaves to a person what Codex cannot read, again and again: neither stuck nor sent twice', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't'))
    const unreadable = () => Promise.reject(refusal('missing source rollout'))
    const room = makeRoom(bench, { load: unreadable, evidence: unreadable })
    const stateOf = () => bench.store.deliveries.get('d')?.state
    for (const wait of [250, 500]) {
      await room.reconcile('t', { load: true })
      expect(stateOf()).toBe('submitting')
      bench.clock.advance(wait)
    }
    await room.reconcile('t', { load: true })
    expect(bench.store.deliveries.get('d')).toMatchObject({
      state: 'ambiguous',
      failure: 'the rollout could not be read',
    })
    expect(bench.clock.pending()).toBe(0)
  })

  it('waits for a thread that another process has open, and for an answer, without end', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't'))
    const room = makeRoom(bench, {
      load: () => Promise.reject(refusal('thread t already has an active writer')),
    })
    for (let tries = 0; tries < 6; tries += 1) await room.reconcile('t', { load: true })
    expect(bench.store.deliveries.get('d')?.state).toBe('submitting')
  })
})

import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  deliveryRow,
  fakeClient,
  fakeLink,
  type Bench,
  makeBench,
} from '../../test/bench.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { Log } from '../log/log.ts'
import type { Ingest } from '../turns/ingest.ts'
import type { Evidence } from './decide.ts'
import { makeDeliveryWriter } from './delivery-writer.ts'
import { makeReconciliation } from './reconciliation.ts'

const server = { pid: 7, startedAt: 70 }
const absent: Evidence = { inHistory: null, sameTextInRollout: 0, twins: 0 }

type Given = { queued?: number[]; inFlight?: number[]; evidence?: () => Promise<Evidence> }

const makeRoom = (bench: Bench, given: Given = {}) => {
  const { queued = [], inFlight = [], evidence = async () => absent } = given
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
        gauges: [
          { name: 'app.requests.queued', value: queued[at] ?? 0 },
          { name: 'app.requests.in_flight', value: inFlight[at] ?? 1 },
        ],
      }
    },
  })
  const tell = (event: string) => void logged.push(event)
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell }
  const { reconcile } = makeReconciliation({
    ...bench,
    log,
    link: fakeLink(client),
    ingest: { drain: () => {} } as Ingest,
    loading: {
      load: async (_client: CodexClient, lane: LaneRow) => void loaded.push(lane.threadId),
    } as unknown as LaneLoading,
    deliveries: makeDeliveryWriter(bench),
    gatherEvidence: evidence,
    touched: (threadIds) => touched.push(...threadIds),
  })
  return { reconcile, times, logged, loaded, touched }
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

  it('begins anew where the server is busy again in between', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    bench.store.deliveries.insert(deliveryRow('d', 't', { server }))
    const room = makeRoom(bench, { queued: [0, 1, 0, 0] })
    await room.reconcile('t', { load: false })
    expect(room.times).toHaveLength(4)
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
    await makeRoom(bench).reconcile('t', { load: false })
    expect(bench.store.deliveries.get('d')?.state).toBe('submitting')
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

import { CodexRpcError } from '@dispatch/codex-client'
import { DispatchError } from '@dispatch/contract'
import type { DeliveryRow } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  deliveryRow,
  deliveryWriter,
  fakeClient,
  fakeLink,
  laneWorkers,
  makeBench,
} from '../../test/bench.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { Log } from '../log/log.ts'
import type { Ingest } from '../turns/ingest.ts'
import { type AroundTurn, makeQueueRunner } from './queue-runner.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

type Given = {
  load?: () => void
  around?: Partial<AroundTurn>
  start?: (row: DeliveryRow) => void
  interrupt?: () => Promise<void>
  client?: null
}

const makeRoom = (bench: Bench, given: Given = {}) => {
  const done: string[] = []
  const workers = laneWorkers()
  const client = fakeClient({})
  const runner = makeQueueRunner({
    ...bench,
    log: silent,
    link: fakeLink(given.client === null ? null : client),
    ingest: { drain: () => {} } as Ingest,
    loading: { load: async () => given.load?.() } as unknown as LaneLoading,
    workers,
    deliveries: deliveryWriter(bench),
    // As a turn that has begun and is over at once.
    start: async (_client, lane, row) => {
      done.push(`start ${row.id} ${bench.store.deliveries.get(row.id)?.state}`)
      given.start?.(row)
      const { threadId } = lane
      const turnId = `u-${row.id}`
      bench.store.turns.upsert({ threadId, id: turnId, status: 'completed', startedAt: 1 })
      bench.store.deliveries.update(row.id, { state: 'accepted', turnId, outcome: 'completed' })
    },
    inject: async (_client, _lane, row) => {
      done.push(`inject ${row.id}`)
      bench.store.deliveries.update(row.id, { state: 'accepted' })
    },
    around: {
      before: async (_client, _lane, row) => {
        done.push(`before ${row.id} ${bench.store.deliveries.get(row.id)?.state}`)
        await given.around?.before?.(_client, _lane, row)
      },
      after: async (_lane, row) => {
        done.push(`after ${row.id}`)
        await given.around?.after?.(_lane, row)
      },
    },
    interrupt: async ({ activeTurnId }) => {
      done.push(`interrupt ${activeTurnId}`)
      await given.interrupt?.()
    },
    isDraining: () => false,
    maxActive: () => null,
    backoffMs: (attempt) => attempt * 100,
  })
  const queue = (id: string, mode: DeliveryRow['mode'] = 'queue') =>
    bench.store.deliveries.enqueue(deliveryRow(id, 't', { state: 'queued', mode }))
  const run = async () => {
    runner.wakeAll()
    await workers.drained()
  }
  const stateOf = (id: string) => bench.store.deliveries.get(id)?.state
  return { runner, workers, queue, run, done, stateOf }
}

describe('running a queue', () => {
  it('has a message on disk before it leaves, and tells others before and after', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const room = makeRoom(bench)
    room.queue('c', 'context')
    room.queue('q')
    await room.run()
    expect(room.done).toEqual(['inject c', 'before q queued', 'start q submitting', 'after q'])
    room.runner[Symbol.dispose]()
  })

  it('keeps the message where others are not ready, and tries again', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    let fails = 2
    const before = async () => {
      if (fails-- > 0) throw new Error('not yet')
    }
    const room = makeRoom(bench, { around: { before } })
    room.queue('q')
    await room.run()
    expect(room.stateOf('q')).toBe('queued')
    bench.clock.advance(100)
    await room.workers.drained()
    expect(room.stateOf('q')).toBe('queued')
    bench.clock.advance(199)
    await room.workers.drained()
    expect(room.stateOf('q')).toBe('queued')
    bench.clock.advance(1)
    await room.workers.drained()
    expect(room.stateOf('q')).toBe('accepted')
  })

  it('keeps the message where another process has the thread, and tries again', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    let fails = 1
    const load = () => {
      if (fails-- > 0) throw new DispatchError('conflict', 'open elsewhere')
    }
    const room = makeRoom(bench, { load })
    room.queue('q')
    await room.run()
    expect([room.stateOf('q'), room.done]).toEqual(['queued', []])
    bench.clock.advance(100)
    await room.workers.drained()
    expect(room.stateOf('q')).toBe('accepted')
  })

  it('tells others as well where the message has failed, and goes on', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const start = (row: DeliveryRow) => {
      bench.store.deliveries.update(row.id, { state: 'failed' })
      throw new DispatchError('app_server', 'no such luck')
    }
    const room = makeRoom(bench, { start })
    room.queue('q')
    await room.run()
    expect([room.stateOf('q'), room.done.at(-1)]).toEqual(['failed', 'after q'])
  })

  it('fails the head alone where the thread is gone, and holds the lane', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const load = () => {
      throw new CodexRpcError('thread/resume', { code: -32600, message: 'thread not found: t' })
    }
    const room = makeRoom(bench, { load })
    room.queue('q1')
    room.queue('q2')
    await room.run()
    await room.run()
    expect(['q1', 'q2'].map(room.stateOf)).toEqual(['failed', 'queued'])
    expect(bench.store.lanes.get('t')?.held).toBe(true)
  })

  it('fails nothing that was cancelled while the thread was looked for', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const load = () => {
      bench.store.deliveries.update('q', { state: 'cancelled' })
      throw new CodexRpcError('thread/resume', { code: -32600, message: 'thread not found: t' })
    }
    const room = makeRoom(bench, { load })
    room.queue('q')
    await room.run()
    expect(room.stateOf('q')).toBe('cancelled')
    expect(bench.store.lanes.get('t')?.held).toBe(false)
  })

  it('does nothing without Codex, and nothing any more once it is disposed', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const without = makeRoom(bench, { client: null })
    without.queue('q')
    await without.run()
    const room = makeRoom(bench)
    room.runner[Symbol.dispose]()
    await room.run()
    expect([room.stateOf('q'), without.done, room.done]).toEqual(['queued', [], []])
  })
})

describe('an interjection', () => {
  it('interrupts a turn once, however often it is looked at', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u' })
    const { promise, resolve } = Promise.withResolvers<void>()
    const room = makeRoom(bench, { interrupt: () => promise })
    room.queue('i', 'interject')
    await room.run()
    await room.run()
    expect(room.done).toEqual(['interrupt u'])
    bench.store.lanes.update('t', { activeTurnId: null, held: true })
    resolve()
    await room.run()
    expect(room.stateOf('i')).toBe('accepted')
  })

  it('that could not interrupt tries again for as long as the turn runs', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u' })
    const { promise: third, resolve } = Promise.withResolvers<void>()
    let fails = 2
    const interrupt = async () => {
      if (fails-- > 0) throw new Error('no')
      bench.store.lanes.update('t', { activeTurnId: null, held: true })
      resolve()
    }
    const room = makeRoom(bench, { interrupt })
    room.queue('i', 'interject')
    await room.run()
    expect([room.stateOf('i'), room.done]).toEqual(['queued', ['interrupt u']])
    bench.clock.advance(100)
    await room.workers.drained()
    bench.clock.advance(200)
    await third
    await room.run()
    expect(room.stateOf('i')).toBe('accepted')
  })
})

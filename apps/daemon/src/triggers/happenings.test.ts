import type { EventType } from '@dispatch/contract'
import type { TriggerRow, TriggerRunRow } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  deliveryRow,
  makeBench,
  requestRow,
  triggerRow,
  triggerRunRow,
  triggerSpec,
} from '../../test/bench.ts'
import { makeEventLog } from '../events/event-log.ts'
import { makeHappenings } from './happenings.ts'
import { makePlanning } from './planning.ts'
import { makeTriggerBook } from './trigger-book.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

let ids = 0

/** Follows the log of a bench whose events name their lanes. */
const makeRig = (bench: Bench) => {
  const { store, clock } = bench
  const label = (id: string) => {
    const lane = store.lanes.get(id)
    return lane && { ref: lane.ref, id, handle: lane.handle }
  }
  const events = makeEventLog({ store, clock, label, log: silent })
  const book = makeTriggerBook({ ...bench, log: silent })
  const newId = (): string => `run-${(ids += 1)}`
  const planning = makePlanning({ ...bench, newId, book, isUnderWay: () => false })
  const acted: TriggerRunRow[] = []
  const rested: string[] = []
  const happenings = makeHappenings({
    ...bench,
    events,
    log: silent,
    planning,
    book,
    act: (runs) => void acted.push(...runs),
    rested: (triggers) => void rested.push(...triggers.map(({ id }) => id)),
    isDraining: () => false,
    settled: () => {},
    whenReady: () => Promise.resolve(),
  })
  const happen = (type: EventType, data: Record<string, unknown>, threadId = 'a'): void =>
    void events.commit((tx) => tx.append({ threadId, type, data }))
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const reasons = () =>
    store.triggerRuns
      .list({ triggerId: null, outcome: 'skipped', limit: 9, before: null })
      .map(({ triggerId, reason }) => [triggerId, reason])
  return { store, happenings, happen, acted, rested, settled, reasons }
}

const onTurns = (id: string, part: Partial<TriggerRow> = {}): TriggerRow =>
  triggerRow(id, {
    kind: 'turn_completed',
    sourceId: 'a',
    spec: triggerSpec({ outcomes: ['completed'], overlap: 'queue' }),
    ...part,
  })

const asks = { kind: 'waiting_on_approval', sourceId: 'a', action: 'queue' } as const

describe('what happens to a lane', () => {
  it('sets off who goes by it, once it goes by it, and nobody else', async () => {
    using bench = makeBench()
    const rig = makeRig(bench)
    using _happenings = rig.happenings
    for (const id of ['a', 'b']) addLane(rig.store, id)
    rig.happenings.start(true)
    rig.happen('turn.completed', { turnId: 'u0' })
    const armedSeq = rig.store.events.lastSeq()
    rig.store.triggers.insert(onTurns('t', { armedSeq }))
    rig.store.triggers.insert(onTurns('other', { sourceId: 'b', armedSeq }))
    rig.store.triggers.insert(onTurns('paused', { state: 'paused', armedSeq }))
    const failed = triggerSpec({ outcomes: ['failed', 'interrupted'] })
    rig.store.triggers.insert(onTurns('bad', { spec: failed, armedSeq }))
    await rig.settled()
    rig.happen('turn.completed', { turnId: 'u1' })
    rig.happen('turn.interrupted', { turnId: 'u2' })
    await rig.settled()
    expect(rig.acted.map(({ triggerId, turnId }) => [triggerId, turnId])).toEqual([
      ['t', 'u1'],
      ['bad', 'u2'],
    ])
    expect(rig.acted[0]).toMatchObject({ cause: 'event', mode: 'send', eventCursor: '1.2' })
  })

  it('is followed on from where the last daemon was, and nothing twice', async () => {
    using bench = makeBench()
    addLane(bench.store, 'a')
    bench.store.triggers.insert(onTurns('t'))
    {
      const first = makeRig(bench)
      using _happenings = first.happenings
      first.happenings.start(true)
      first.happen('turn.completed', { turnId: 'u1' })
      await first.settled()
      expect(first.acted).toHaveLength(1)
    }
    makeRig(bench).happen('turn.completed', { turnId: 'u2' })
    const second = makeRig(bench)
    using _happenings = second.happenings
    second.happenings.start(false)
    await second.settled()
    expect(second.acted.map(({ turnId }) => turnId)).toEqual(['u2'])
  })

  it('is a question only as long as nobody has answered it', async () => {
    using bench = makeBench()
    const rig = makeRig(bench)
    using _happenings = rig.happenings
    addLane(rig.store, 'a')
    rig.store.triggers.insert(triggerRow('t', asks))
    rig.happenings.start(true)
    rig.store.requests.insert(requestRow('r1', { state: 'answered' }))
    rig.store.requests.insert(requestRow('r2'))
    for (const requestId of ['r1', 'r2'])
      rig.happen('request.opened', { requestId, threadId: 'a', turnId: 'u' })
    await rig.settled()
    expect(rig.acted).toMatchObject([{ mode: 'queue', turnId: 'u' }])
  })

  it('is the doing of a trigger also where a sub-agent asks in its turn', async () => {
    using bench = makeBench()
    const rig = makeRig(bench)
    using _happenings = rig.happenings
    const { store } = rig
    addLane(store, 'a', { activeTurnId: 'u', latestTurnId: 'u', status: 'waiting_approval' })
    store.triggers.insert(triggerRow('t', asks))
    store.triggers.insert(triggerRow('cause'))
    store.triggerRuns.insert(triggerRunRow('d', 'cause'))
    // Its message failed once, and was tried again by itself.
    store.deliveries.insert(deliveryRow('d', 'a', { state: 'accepted' }))
    const again = { state: 'accepted', turnId: 'u', retryOf: 'd' } as const
    store.deliveries.insert(deliveryRow('d2', 'a', again))
    store.requests.insert(requestRow('r'))
    rig.happenings.start(true)
    rig.happen('request.opened', { requestId: 'r', threadId: 'sub-agent', turnId: 'its own' })
    await rig.settled()
    expect(rig.acted).toEqual([])
    expect(rig.reasons()).toEqual([['t', 'caused_by_trigger']])
  })

  it('ends those that go by a lane that is archived or forgotten', async () => {
    using bench = makeBench()
    const rig = makeRig(bench)
    using _happenings = rig.happenings
    const { store } = rig
    for (const id of ['a', 'b', 'c']) addLane(store, id)
    store.triggers.insert(onTurns('of-a', { laneId: 'c' }))
    store.triggers.insert(triggerRow('on-a'))
    store.triggers.insert(onTurns('of-b', { laneId: 'c', sourceId: 'b' }))
    rig.happenings.start(true)
    store.lanes.update('a', { archivedAt: 1, status: 'archived' })
    rig.happen('lane.archived', {})
    store.forgetting.forget('b')
    rig.happen('lane.detached', {}, 'b')
    await rig.settled()
    const states = ['of-a', 'on-a', 'of-b'].map((id) => store.triggers.get(id)?.reason)
    expect(states).toEqual([
      expect.stringContaining('@a is archived'),
      expect.stringContaining('@a is archived'),
      'Its lane is gone.',
    ])
  })

  it.each(['failed', 'cancelled', 'discarded', 'ambiguous'] as const)(
    'is a rest again when the message that it waited for is %s',
    async (state) => {
      using bench = makeBench()
      const rig = makeRig(bench)
      using _happenings = rig.happenings
      addLane(rig.store, 'a')
      rig.store.triggers.insert(triggerRow('t', { kind: 'idle_for', sourceId: 'a' }))
      rig.happenings.start(true)
      rig.happen(`delivery.${state}`, { deliveryId: 'd' })
      await rig.settled()
      expect(rig.rested).toEqual(['t'])
    },
  )

  it('is a rest that began or ended', async () => {
    using bench = makeBench()
    const rig = makeRig(bench)
    using _happenings = rig.happenings
    addLane(rig.store, 'a')
    rig.store.triggers.insert(triggerRow('t', { kind: 'idle_for', sourceId: 'a' }))
    rig.happenings.start(true)
    rig.happen('turn.failed', { turnId: 'u' })
    rig.happen('request.closed', { requestId: 'r', threadId: 'a', turnId: 'u' })
    rig.happen('queue.paused', { waiting: 1 })
    await rig.settled()
    expect(rig.rested).toEqual(['t', 't', 't'])
    expect(rig.acted).toEqual([])
  })
})

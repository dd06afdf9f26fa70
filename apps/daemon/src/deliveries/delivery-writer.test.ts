import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  deliveryRow,
  endedFact,
  itemDone,
  itemFact,
  makeBench,
} from '../../test/bench.ts'
import type { Fact } from '../codex/fact.ts'
import type { Judgement } from './decide.ts'
import { makeDeliveryWriter } from './delivery-writer.ts'

const makeRoom = (bench: Bench) => {
  const lane = addLane(bench.store, 't')
  const writer = makeDeliveryWriter(bench)
  const tell = (fact: Fact) => bench.events.commit((tx) => writer.onFact(tx, lane, fact))
  const submit = (id: string, part = {}) =>
    bench.events.commit((tx) => writer.submitting(tx, deliveryRow(id, 't', part)))
  return { writer, tell, submit, get: (id: string) => bench.store.deliveries.get(id) }
}

const said = (id: string, turnId = 'u', clientId = id): Fact =>
  itemDone('t', turnId, itemFact(`item-${id}`, { type: 'userMessage', clientId }))

describe('deliveries by what Codex tells', () => {
  it('is accepted when the user message is complete, and ends with its turn', async () => {
    using bench = makeBench()
    const { tell, submit, get } = makeRoom(bench)
    submit('d')
    bench.clock.advance(5)
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'started' })
    tell(said('d'))
    expect(get('d')).toMatchObject({
      state: 'accepted',
      outcome: 'running',
      turnId: 'u',
      text: '',
      acceptedAt: bench.clock.now(),
      completedAt: null,
    })
    expect(bench.store.turns.get('t', 'u')?.deliveryId).toBe('d')
    bench.clock.advance(5)
    tell(endedFact('t', 'u', { status: 'failed' }))
    expect(get('d')).toMatchObject({ outcome: 'failed', completedAt: bench.clock.now() })
    tell(endedFact('t', 'u', { status: 'completed' }))
    expect(get('d')?.outcome).toBe('failed')
    const events = await bench.happened()
    expect(events.map(({ type, data }) => [type, data.deliveryId])).toEqual([
      ['delivery.submitting', 'd'],
      ['delivery.accepted', 'd'],
    ])
    expect(JSON.stringify(events)).not.toContain('hello')
  })

  it('takes the outcome of a turn that has ended before', () => {
    using bench = makeBench()
    const { tell, submit, get } = makeRoom(bench)
    submit('d')
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'interrupted' })
    tell(said('d'))
    expect(get('d')).toMatchObject({ outcome: 'interrupted', completedAt: bench.clock.now() })
  })

  it('takes the end that Codex tells of a turn that was judged cut, and is not tried again', async () => {
    using bench = makeBench()
    const lane = addLane(bench.store, 't')
    const retry = () => ({ attempts: 8, cap_seconds: 300, spread: 0 })
    const writer = makeDeliveryWriter({ ...bench, retry })
    const cut = { state: 'accepted', outcome: 'interrupted', turnId: 'u', text: '' } as const
    bench.store.deliveries.insert(deliveryRow('d', 't', { ...cut, mode: 'queue' }))
    const error = { message: 'busy', kind: 'serverOverloaded', httpStatus: null }
    const failed = endedFact('t', 'u', { status: 'failed', error })
    const tell = () => bench.events.commit((tx) => writer.onFact(tx, lane, failed))
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'interrupted' })
    tell()
    expect(bench.store.deliveries.get('d')?.outcome).toBe('interrupted')
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'failed' })
    tell()
    expect(bench.store.deliveries.get('d')?.outcome).toBe('failed')
    expect(await bench.happened()).toEqual([])
  })

  it('belongs to the first message of a turn, and both end with it', () => {
    using bench = makeBench()
    const { tell, submit, get } = makeRoom(bench)
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'started' })
    for (const id of ['d1', 'd2']) {
      submit(id)
      tell(said(id))
    }
    expect(bench.store.turns.get('t', 'u')?.deliveryId).toBe('d1')
    tell(endedFact('t', 'u'))
    expect(['d1', 'd2'].map((id) => get(id)?.outcome)).toEqual(['completed', 'completed'])
  })

  it('leaves alone what is settled, of another lane, or not ours', () => {
    using bench = makeBench()
    const { tell, submit, get } = makeRoom(bench)
    addLane(bench.store, 'other')
    bench.store.deliveries.insert(deliveryRow('far', 'other'))
    submit('d', { state: 'failed' })
    tell(said('d'))
    tell(said('far'))
    tell(said('nobody'))
    tell(itemDone('t', 'u', itemFact('x', { clientId: 'd' })))
    expect(get('d')?.state).toBe('failed')
    expect(get('far')?.state).toBe('submitting')
  })

  it('lets be what came to its end before', () => {
    using bench = makeBench()
    const { writer, submit, get } = makeRoom(bench)
    for (const state of ['accepted', 'failed', 'cancelled', 'discarded'] as const) {
      submit(state, { state, text: '' })
      const absent = { state: 'failed', turnId: null, failure: 'absent' } as const
      bench.events.commit((tx) => {
        writer.judged(tx, state, absent)
        writer.settle(tx, state, absent)
      })
      expect(get(state)).toMatchObject({ state, failure: null })
    }
  })

  it('turns an ambiguous one into an accepted one when it shows up', () => {
    using bench = makeBench()
    const { tell, submit, get } = makeRoom(bench)
    submit('d', { state: 'ambiguous' })
    tell(said('d'))
    expect(get('d')?.state).toBe('accepted')
  })
})

describe('deliveries by judgement', () => {
  it.each([
    ['accepted', null, 'interrupted'],
    ['accepted', 'u', 'completed'],
    ['failed', null, null],
    ['ambiguous', null, null],
  ] as const)('%s in turn %s', async (state, turnId, outcome) => {
    using bench = makeBench()
    const { writer, submit, get } = makeRoom(bench)
    submit('d')
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'completed' })
    bench.events.commit((tx) => writer.settle(tx, 'd', { state, turnId, failure: null }))
    expect(get('d')).toMatchObject({ state, turnId, outcome })
    expect((await bench.happened()).at(-1)?.type).toBe(`delivery.${state}`)
  })
})

describe('messages of lanes that failed together', () => {
  it('come back apart, each when it is said', async () => {
    using bench = makeBench()
    const spreads = Array.from({ length: 20 }, (_, index) => index / 20)
    const left = [...spreads]
    const retry = () => ({ attempts: 8, cap_seconds: 300, spread: left.pop() ?? 0 })
    const writer = makeDeliveryWriter({ ...bench, retry })
    const error = { message: 'slow down', kind: 'rateLimitExceeded', httpStatus: null }
    for (const [index] of spreads.entries()) {
      const lane = addLane(bench.store, `t${index}`)
      const row = { mode: 'queue', state: 'accepted', outcome: 'running', turnId: 'u' } as const
      bench.store.deliveries.insert(deliveryRow(`d${index}`, lane.threadId, row))
      const fact = endedFact(lane.threadId, 'u', { status: 'failed', error })
      bench.events.commit((tx) => writer.onFact(tx, lane, fact))
    }
    const waits = bench.store.deliveries.unsettled().map(({ notBefore }) => notBefore ?? 0)
    const now = bench.clock.now()
    const spans = spreads.map((spread) => 1_000 + spread * 1_000)
    expect(waits.map((until) => until - now).toSorted((a, b) => a - b)).toEqual(spans)
    const told = (await bench.happened()).map(({ data }) =>
      Date.parse(String(data['nextAttemptAt'])),
    )
    expect(told.toSorted((a, b) => a - b)).toEqual(waits.toSorted((a, b) => a - b))
  })
})

describe('a message of a queue that Codex surely never had', () => {
  const absent = { state: 'failed', turnId: null, failure: 'not in the history' } as const

  const makeQueue = (bench: Bench, attempts: number) => {
    addLane(bench.store, 't')
    const settled: string[] = []
    const writer = makeDeliveryWriter({
      ...bench,
      retry: () => ({ attempts, cap_seconds: 300, spread: 0 }),
      settled: (threadId) => void settled.push(threadId),
    })
    const { deliveries } = bench.store
    for (const id of ['a', 'b']) {
      const row = deliveryRow(id, 't', { mode: 'queue', state: 'queued' })
      bench.events.commit((tx) => writer.queued(tx, row))
    }
    const server = { pid: 7, startedAt: 70 }
    const leave = (judgement: Judgement = absent) => {
      const [head] = deliveries.queue('t')
      if (!head) throw new Error('nothing waits')
      const departure = { submittedAt: bench.clock.now(), server, rolloutBytes: 10 }
      bench.events.commit((tx) => writer.departed(tx, head, departure))
      bench.events.commit((tx) => writer.judged(tx, head.id, judgement))
      return deliveries.get(head.id)
    }
    return { leave, settled, writer, waiting: () => deliveries.queue('t').map(({ id }) => id) }
  }

  it('waits again at the front, for a while, and is told each time; so often', async () => {
    using bench = makeBench()
    const { leave, settled, waiting } = makeQueue(bench, 2)
    expect(leave()).toMatchObject({
      state: 'queued',
      text: 'hello',
      attempt: 1,
      notBefore: bench.clock.now() + 1_000,
      submittedAt: null,
      server: null,
      rolloutBytes: null,
      failure: null,
    })
    expect(waiting()).toEqual(['a', 'b'])
    expect(settled).toEqual(['t'])
    expect(bench.store.lanes.get('t')?.held).toBe(false)
    expect(leave()).toMatchObject({ attempt: 2, notBefore: bench.clock.now() + 2_000 })
    expect(leave()).toMatchObject({ state: 'failed', failure: 'not in the history' })
    expect(waiting()).toEqual(['b'])
    expect(bench.store.lanes.get('t')).toMatchObject({ held: true, heldFor: 'undelivered' })
    const told = (await bench.happened()).filter(({ data }) => data['deliveryId'] === 'a')
    expect(told.map(({ type }) => type)).toEqual([
      'delivery.queued',
      'delivery.submitting',
      'delivery.queued',
      'delivery.submitting',
      'delivery.queued',
      'delivery.submitting',
      'delivery.failed',
    ])
    expect(told[2]?.data).toHaveProperty('nextAttemptAt')
  })

  it('is told each time that it cannot be judged', async () => {
    using bench = makeBench()
    const { leave, writer } = makeQueue(bench, 2)
    const nobodyKnows = { state: 'ambiguous', turnId: null, failure: 'no rollout' } as const
    expect(leave(nobodyKnows)).toMatchObject({ state: 'ambiguous', attempt: 0 })
    bench.events.commit((tx) => writer.judged(tx, 'a', absent))
    expect(leave(nobodyKnows)).toMatchObject({ state: 'ambiguous', attempt: 1 })
    // Looked at once more, it is what it was: that is no news.
    bench.events.commit((tx) => writer.judged(tx, 'a', nobodyKnows))
    const told = (await bench.happened()).filter(({ data }) => data['deliveryId'] === 'a')
    expect(told.map(({ type }) => type)).toEqual([
      'delivery.queued',
      'delivery.submitting',
      'delivery.ambiguous',
      'delivery.queued',
      'delivery.submitting',
      'delivery.ambiguous',
    ])
  })

  it('does not leave again where Codex tells of it after all', async () => {
    using bench = makeBench()
    const { leave, writer, waiting } = makeQueue(bench, 2)
    leave()
    const lane = bench.store.lanes.get('t')
    if (!lane) throw new Error('no lane')
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'started' })
    bench.events.commit((tx) => writer.onFact(tx, lane, said('a')))
    expect(bench.store.deliveries.get('a')).toMatchObject({
      state: 'accepted',
      outcome: 'running',
      turnId: 'u',
      position: null,
    })
    expect(waiting()).toEqual(['b'])
    // One that has never left is in no history: whoever has its id is not believed.
    bench.events.commit((tx) => writer.onFact(tx, lane, said('b')))
    expect(waiting()).toEqual(['b'])
    expect((await bench.happened()).at(-1)?.type).toBe('delivery.accepted')
  })

  it('has failed on a lane that was archived, and in any other mode', () => {
    using bench = makeBench()
    const { leave } = makeQueue(bench, 2)
    bench.store.lanes.update('t', { archivedAt: 1 })
    expect(leave()).toMatchObject({ state: 'failed' })
    const writer = makeDeliveryWriter({
      ...bench,
      retry: () => ({ attempts: 2, cap_seconds: 1, spread: 0 }),
    })
    for (const mode of ['send', 'steer', 'interject', 'context'] as const) {
      const row = deliveryRow(mode, 't', { mode })
      bench.events.commit((tx) => {
        writer.submitting(tx, row)
        writer.judged(tx, row.id, absent)
      })
      expect(bench.store.deliveries.get(mode)).toMatchObject({ state: 'failed' })
    }
  })

  it.each([
    ['waits again in the queue', {}, 'queued'],
    ['has failed on a lane that is ephemeral', { ephemeral: true }, 'failed'],
    ['has failed on the lane that was made for it', { callId: 'd' }, 'failed'],
  ] as const)('of a trigger %s', (_what, part, state) => {
    using bench = makeBench()
    addLane(bench.store, 't', part)
    const writer = makeDeliveryWriter({
      ...bench,
      retry: () => ({ attempts: 2, cap_seconds: 1, spread: 0 }),
    })
    bench.events.commit((tx) => {
      writer.submitting(tx, deliveryRow('d', 't', { mode: 'send', actor: 'trigger' }))
      writer.judged(tx, 'd', absent)
    })
    expect(bench.store.deliveries.get('d')?.state).toBe(state)
    expect(bench.store.lanes.get('t')?.held).toBe(false)
  })
})

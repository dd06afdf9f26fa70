import { DispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  type Bench,
  call,
  deliveryRow,
  fakeClient,
  fakeLink,
  laneWorkers,
  makeBench,
} from '../../test/bench.ts'
import { makeSending, type Outgoing, type SendingOptions } from './sending.ts'

const outgoing: Outgoing = {
  mode: 'send',
  text: 'hello',
  intro: false,
  overrides: {},
  wait: true,
  timeoutSeconds: undefined,
}

const nobody = () => Promise.reject(new Error('nobody expected it'))

/** Codex has each message at once, in a turn that runs. */
const makeRoom = (bench: Bench, part: Partial<SendingOptions> = {}) => {
  const lane = addLane(bench.store, 't')
  const taken = Promise.withResolvers<void>()
  const { send } = makeSending({
    ...bench,
    link: fakeLink(fakeClient({})),
    workers: laneWorkers(),
    submission: {
      submit: async ({ id }) => {
        const row = deliveryRow(id, 't', { state: 'accepted', outcome: 'running', turnId: 'u' })
        bench.store.deliveries.insert(row)
        bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'started' })
        bench.store.lanes.update('t', { status: 'busy', activeTurnId: 'u', latestTurnId: 'u' })
        taken.resolve()
        return row
      },
    },
    goals: { beforeMessage: async () => {}, settle: async () => {}, yieldTo: async () => {} },
    steering: { steer: nobody },
    enqueue: nobody,
    isFull: () => false,
    catalogue: { check: async (settings) => settings },
    ...part,
  })
  const end = () => {
    bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'completed' })
    bench.store.deliveries.update(call().id, { outcome: 'completed' })
    bench.store.lanes.update('t', { status: 'idle', activeTurnId: null })
    bench.changes.touched(['t'])
  }
  return { lane, send, end, taken: taken.promise }
}

describe('a message that is waited for', () => {
  it('is waited on where a question that came is gone when its sender wakes', async () => {
    using bench = makeBench()
    const { lane, send, end, taken } = makeRoom(bench)
    const sent = send(lane, outgoing, call())
    await taken
    // Its sender waits by now for its end.
    await new Promise(setImmediate)
    bench.store.lanes.update('t', { status: 'waiting_approval' })
    bench.changes.touched(['t'])
    bench.store.lanes.update('t', { status: 'busy' })
    await new Promise(setImmediate)
    end()
    expect(await sent).toMatchObject({ error: null, delivery: { outcome: 'completed' } })
  })

  it('is answered when a person is asked, and when the time is up', async () => {
    using bench = makeBench()
    const { lane, send, taken } = makeRoom(bench)
    const sent = send(lane, { ...outgoing, timeoutSeconds: 5 }, call())
    await taken
    await new Promise(setImmediate)
    bench.clock.advance(5_000)
    expect(await sent).toMatchObject({ error: { code: 'timeout' }, delivery: { turnId: 'u' } })
    const again = send(lane, outgoing, call({ id: '01900000-0000-7000-8000-000000000002' }))
    await new Promise(setImmediate)
    bench.store.lanes.update('t', { status: 'waiting_approval' })
    bench.changes.touched(['t'])
    expect(await again).toMatchObject({ error: { code: 'approval_required' } })
  })

  it.each([
    ['a bug', new TypeError('a bug')],
    ['a refusal', new DispatchError('validation', 'no such model')],
  ])('says of %s after its time that, and not that nothing came', async (_what, error) => {
    using bench = makeBench()
    const check = () => {
      bench.clock.advance(2_000)
      return Promise.reject(error)
    }
    const { lane, send } = makeRoom(bench, { catalogue: { check } })
    await expect(send(lane, { ...outgoing, timeoutSeconds: 1 }, call())).rejects.toBe(error)
  })

  it('is not sent where its time is up before', async () => {
    using bench = makeBench()
    const link = fakeLink(null, {
      client: async (signal) => {
        bench.clock.advance(2_000)
        signal?.throwIfAborted()
        throw new Error('not yet')
      },
    })
    const { lane, send } = makeRoom(bench, { link })
    const sent = send(lane, { ...outgoing, timeoutSeconds: 1 }, call())
    await expect(sent).rejects.toMatchObject({ code: 'timeout', details: { sent: false } })
    expect(bench.store.deliveries.get(call().id)).toBeNull()
  })
})

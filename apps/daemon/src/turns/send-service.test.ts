import type { SendResult } from '@dispatch/contract'
import { expect, it, vi } from 'vitest'
import { addLane, auditOf, call, deliveryRow, idempotencyOf, makeBench } from '../../test/bench.ts'
import { rowToReceipt } from '../deliveries/receipt.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import { makeSendServices } from './send-service.ts'
import type { Sending } from './sending.ts'

it('a message for a hundred lanes leaves others their turn between two of them', async () => {
  using bench = makeBench()
  const { store } = bench
  const to = Array.from({ length: 100 }, (_, at) => `t${at}`)
  for (const lane of to) addLane(store, lane, { callId: lane })
  let turns = 0
  const turn = (): void => {
    turns += 1
    if (turns < 1_000) setImmediate(turn)
  }
  const taken: number[] = []
  const send: Sending['send'] = async (lane, _outgoing, { id }) => {
    taken.push(turns)
    const row = deliveryRow(id, lane.threadId, { state: 'queued', mode: 'queue' })
    store.durable(() => store.deliveries.enqueue(row))
    const receipt = { delivery: rowToReceipt(row), turn: null, lastMessage: null, usage: null }
    const result: SendResult = { ...rowToIdentity(lane), ...receipt, notes: [], error: null }
    return result
  }
  const services = makeSendServices({
    store,
    audit: auditOf(bench).audit,
    idempotent: idempotencyOf(bench),
    sending: { send },
    find: { writing: (selector) => store.lanes.get(selector) ?? expect.fail(selector) },
  })
  const insert = vi.spyOn(store.idempotencyKeys, 'insert')
  turn()
  const input = { to: [...to, 't7'], text: 'hello', mode: 'queue', idempotencyKey: 'k' } as const
  const first = await services.sendTo({ ...input, to: [...input.to] }, call())
  expect(first.error).toBeNull()
  expect(first.lanes.map((lane) => lane.to)).toEqual(to)
  expect(new Set(taken).size).toBe(100)
  // All keys are there before the first message.
  expect(insert).toHaveBeenCalledTimes(101)
})

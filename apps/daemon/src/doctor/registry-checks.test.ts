import { describe, expect, it } from 'vitest'
import { addLane, deliveryRow, makeBench, requestRow } from '../../test/bench.ts'
import {
  checkDeliveries,
  checkHeld,
  checkRequests,
  checkStalled,
  liveLanesOf,
} from './registry-checks.ts'

describe('what needs a person', () => {
  it('is nothing in a registry where all is well', () => {
    using bench = makeBench()
    const { store } = bench
    addLane(store, 'a', { held: true, heldFor: 'person' })
    addLane(store, 'b')
    store.deliveries.enqueue(deliveryRow('q', 'b', { state: 'queued', mode: 'queue' }))
    store.deliveries.insert(deliveryRow('s', 'b'))
    const lanes = liveLanesOf(store)
    const checks = [
      checkDeliveries(store),
      checkStalled(lanes),
      checkHeld(store, lanes),
      checkRequests(store, lanes),
    ]
    expect(checks.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })

  it('is counted and named, with the command that ends it', () => {
    using bench = makeBench()
    const { store } = bench
    const a = addLane(store, 'a', { stalled: true, stalledReason: 'Codex says: no' })
    const b = addLane(store, 'b', { held: true, heldFor: 'failed' })
    store.deliveries.insert(deliveryRow('d1', 'a', { state: 'ambiguous' }))
    store.deliveries.insert(deliveryRow('d2', 'b', { state: 'ambiguous' }))
    store.deliveries.enqueue(deliveryRow('q', 'b', { state: 'queued', mode: 'queue' }))
    store.requests.insert(requestRow('r1', { laneId: 'a' }))
    store.requests.insert(requestRow('r2', { laneId: null }))
    const lanes = liveLanesOf(store)
    expect(checkDeliveries(store)).toMatchObject({
      status: 'warn',
      summary: '2 deliveries need a person.',
      detail: 'd1 on a\nd2 on b',
      recovery: expect.stringContaining('dispatch delivery reconcile d1') as string,
      data: { ambiguous: [{ id: 'd1', laneId: 'a' }, { id: 'd2' }] },
    })
    expect(checkStalled(lanes)).toMatchObject({
      status: 'warn',
      summary: 'A lane has been silent for too long.',
      detail: `${a.ref} @a: Codex says: no`,
      recovery: `dispatch tail ${a.ref}, then dispatch stop ${a.ref}`,
    })
    expect(checkHeld(store, lanes)).toMatchObject({
      status: 'warn',
      detail: `${b.ref} @b`,
      recovery: `dispatch queue list ${b.ref}, then dispatch queue resume ${b.ref}`,
      data: { held: [{ id: 'b' }] },
    })
    expect(checkRequests(store, lanes)).toMatchObject({
      status: 'warn',
      summary: '2 requests of Codex wait for a person.',
      detail: `r1 (command) ${a.ref} @a\nr2 (command) no lane of dispatch`,
      recovery: expect.stringContaining('dispatch request list') as string,
      data: {
        pending: [
          { id: 'r1', laneId: 'a', kind: 'command' },
          { id: 'r2', laneId: null },
        ],
      },
    })
  })
})

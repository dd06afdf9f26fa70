import { describe, expect, it } from 'vitest'
import { addLane, deliveryRow, makeBench, requestRow, triggerRow } from '../../test/bench.ts'
import { runRow } from '../../test/trigger-room.ts'
import { type AttentionKind, attentionOf, attentionToWarnings } from '../status/attention.ts'
import { checkAttention } from './registry-checks.ts'

const kinds: AttentionKind[] = [
  'ambiguous',
  'pending',
  'cut',
  'stalled',
  'held',
  'disabled',
  'failing',
]

describe('what needs a person', () => {
  it('is nothing in a registry where all is well', () => {
    using bench = makeBench()
    const { store } = bench
    addLane(store, 'a', { held: true, heldFor: 'person' })
    addLane(store, 'b')
    store.deliveries.enqueue(deliveryRow('q', 'b', { state: 'queued', mode: 'queue' }))
    store.deliveries.insert(deliveryRow('s', 'b'))
    for (const kind of kinds) {
      expect(checkAttention(store, kind)).toMatchObject({ status: 'ok', recovery: null })
      expect(attentionToWarnings(attentionOf(store, kind))).toEqual([])
    }
  })

  it('is counted and named, with the command that ends it, as daemon status does', () => {
    using bench = makeBench()
    const { store } = bench
    const a = addLane(store, 'a', { stalled: true, stalledReason: 'Codex says: no' })
    const b = addLane(store, 'b', { held: true, heldFor: 'failed' })
    const c = addLane(store, 'c', { latestTurnId: 'u' })
    const cut = { status: 'interrupted', reason: 'app-server lost' } as const
    store.turns.upsert({ threadId: 'c', id: 'u', ...cut })
    store.deliveries.insert(deliveryRow('d1', 'a', { state: 'ambiguous' }))
    store.deliveries.insert(deliveryRow('d2', 'b', { state: 'ambiguous' }))
    store.deliveries.enqueue(deliveryRow('q', 'b', { state: 'queued', mode: 'queue' }))
    store.triggers.insert(triggerRow('g', { laneId: 'a', state: 'disabled', reason: 'Why.' }))
    store.triggers.insert(triggerRow('f', { laneId: 'a', failures: 2 }))
    store.triggerRuns.insert(runRow('x', { triggerId: 'f', outcome: 'failed', detail: 'No.' }))
    store.requests.insert(requestRow('r1', { laneId: 'a' }))
    store.requests.insert(requestRow('r2', { laneId: null }))
    expect(checkAttention(store, 'ambiguous')).toEqual({
      status: 'warn',
      summary: '2 messages need a person.',
      detail:
        'Whether Codex has message d1 of @a cannot be told.\nWhether Codex has message d2 of @b cannot be told.',
      recovery: 'dispatch delivery reconcile d1, then retry or discard',
      data: {
        count: 2,
        ambiguous: [
          { id: 'd1', laneId: 'a' },
          { id: 'd2', laneId: 'b' },
        ],
      },
    })
    expect(checkAttention(store, 'stalled')).toMatchObject({
      summary: 'A lane is stalled.',
      detail: '@a is stalled (Codex says: no).',
      recovery: `dispatch tail ${a.ref}, then dispatch stop ${a.ref}`,
    })
    expect(checkAttention(store, 'cut')).toMatchObject({
      summary: 'A lane was cut off in its turn.',
      detail: '@c was cut off in its turn (app-server lost).',
      recovery: `dispatch tail ${c.ref}, then dispatch send ${c.ref} ...`,
      data: { count: 1, cut: [{ id: 'c', reason: 'app-server lost' }] },
    })
    expect(checkAttention(store, 'held')).toMatchObject({
      detail: '@b holds what waits for it (its turn failed).',
      recovery: `dispatch queue list ${b.ref}, then dispatch queue resume ${b.ref}`,
      data: { held: [{ id: 'b' }] },
    })
    expect(checkAttention(store, 'pending')).toMatchObject({
      summary: '2 requests wait for a person.',
      detail:
        'Request r1 (command) of @a waits.\nRequest r2 (command) of no lane of dispatch waits.',
      recovery: 'dispatch request list, then approve, deny or respond',
      data: {
        pending: [
          { id: 'r1', laneId: 'a', kind: 'command' },
          { id: 'r2', laneId: null },
        ],
      },
    })
    expect(checkAttention(store, 'failing')).toMatchObject({
      summary: 'A trigger is failing.',
      detail: 'Trigger f is failing, 2 times by now (No.).',
      recovery: 'dispatch trigger runs f',
      data: { failing: [{ id: 'f', failures: 2, reason: 'No.' }] },
    })
    for (const kind of kinds) {
      const { recovery } = checkAttention(store, kind)
      const [warning] = attentionToWarnings(attentionOf(store, kind))
      expect(warning).toMatch(new RegExp(`: ${recovery}$`))
    }
  })
})

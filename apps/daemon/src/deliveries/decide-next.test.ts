import type { DeliveryMode } from '@dispatch/contract'
import type { DeliveryRow, LaneRow } from '@dispatch/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveryRow, laneRow } from '../../test/bench.ts'
import { decideNext } from './decide-next.ts'

const queued = (id: string, mode: DeliveryMode = 'queue') =>
  deliveryRow(id, 't', { state: 'queued', mode })

const next = (lane: Partial<LaneRow>, rows: DeliveryRow[], draining = false) =>
  decideNext(laneRow('t', lane), rows, { draining, now: 0 })

const started = (lane: Partial<LaneRow>, rows: DeliveryRow[]): string | null => {
  const at = next(lane, rows)
  return at.do === 'start' ? at.row.id : null
}

describe('an idle lane', () => {
  const all = [queued('q1'), queued('c1', 'context'), queued('q2'), queued('i', 'interject')]

  it('takes an interjection first, then context, then the head of the queue', () => {
    expect(started({}, all)).toBe('i')
    expect(started({}, all.slice(0, 3))).toBe('c1')
    expect(started({}, [queued('q1'), queued('q2')])).toBe('q1')
  })

  it('keeps the order within a mode', () => {
    expect(started({}, [queued('c1', 'context'), queued('c2', 'context')])).toBe('c1')
  })

  it('that is held starts nothing of the queue, and the rest all the same', () => {
    expect(started({ held: true }, all)).toBe('i')
    expect(started({ held: true }, all.slice(0, 3))).toBe('c1')
    expect(next({ held: true }, [queued('q1')])).toEqual({ do: 'wait', why: 'held' })
  })

  it.each([
    ['is archived', { archivedAt: 1 }, [], 'locked'],
    ['is attached', { source: 'attached' as const }, [], 'locked'],
    ['has a message that cannot be told', {}, [{ state: 'ambiguous' as const }], 'ambiguous'],
    ['has a message on its way', {}, [{ state: 'submitting' as const }], 'on its way'],
    [
      'has a steer to be judged',
      {},
      [{ state: 'submitting' as const, mode: 'steer' as const }],
      'on its way',
    ],
  ])('starts nothing where it %s', (_what, lane, others, why) => {
    const rows = others.map((part) => deliveryRow('x', 't', part))
    expect(next(lane, [...rows, ...all])).toEqual({ do: 'wait', why })
  })

  it('starts nothing while the daemon drains', () => {
    expect(next({}, all, true)).toEqual({ do: 'wait', why: 'draining' })
  })
})

describe('a busy lane', () => {
  const busy = { activeTurnId: 'u' }

  it('is interrupted for an interjection alone', () => {
    expect(next(busy, [queued('q'), queued('i', 'interject')])).toEqual({
      do: 'interrupt',
      turnId: 'u',
    })
    expect(next(busy, [queued('q'), queued('c', 'context')])).toEqual({ do: 'wait', why: 'busy' })
  })

  it('is interrupted beside a steer, not before the message of its turn is durable', () => {
    const interjection = queued('i', 'interject')
    const steer = deliveryRow('s', 't', { mode: 'steer' })
    expect(next(busy, [steer, interjection]).do).toBe('interrupt')
    const start = deliveryRow('s', 't', { mode: 'interject' })
    expect(next(busy, [start, interjection])).toEqual({ do: 'wait', why: 'on its way' })
  })
})

it('never starts two at once, nor anything beside a turn, whatever waits', () => {
  const mode = fc.constantFrom<DeliveryMode>('queue', 'interject', 'context', 'send', 'steer')
  const state = fc.constantFrom('queued', 'submitting', 'ambiguous')
  const rows = fc.array(fc.record({ mode, state }), { maxLength: 6 })
  const lane = fc.record({ held: fc.boolean(), activeTurnId: fc.option(fc.constant('u')) })
  fc.assert(
    fc.property(lane, rows, (part, parts) => {
      const unsettled = parts.map((one, at) => deliveryRow(`d${at}`, 't', one as never))
      const at = next(part, unsettled)
      if (at.do !== 'start') return
      expect(part.activeTurnId).toBeNull()
      expect(unsettled.every((row) => row.state === 'queued')).toBe(true)
      expect(at.row.mode === 'queue' && part.held).toBe(false)
    }),
  )
})

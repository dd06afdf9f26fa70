import type { TriggerRow, TriggerSpec } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { makeBench, triggerRow, triggerSpec } from '../../test/bench.ts'
import { makeTimetable } from './timetable.ts'

const NOW = Date.UTC(2026, 5, 1, 12)

const row = (kind: TriggerRow['kind'], spec: Partial<TriggerSpec>): TriggerRow =>
  triggerRow('t', { kind, armedAt: NOW, spec: triggerSpec(spec) })

describe('a schedule that cannot be one', () => {
  it.each([
    ['cron', { cron: '0 9 * * 1-5', zone: 'Europe/Berln' }, 'Write --timezone "Europe/Berlin".'],
    ['cron', { cron: '0 9 * * mun' }, /^Write --cron "0 9 \* \* (?:mon|sun)"\.$/],
    ['cron', { cron: '0 9 * *' }, 'Write --cron "0 9 * * *".'],
    // Never a turn a minute.
    ['cron', { cron: '* * * *' }, 'Write five fields, such as --cron "0 9 * * 1-5".'],
    ['cron', { cron: '* 24 * * *' }, 'Write five fields, such as --cron "0 9 * * 1-5".'],
    ['cron', { cron: '0 25 * * *' }, 'dispatch trigger add --help'],
    ['cron', { cron: '0 0 30 2 *' }, 'dispatch trigger add --help'],
    ['interval', { everyMs: 60_000, until: NOW + 60_000 }, 'dispatch trigger add --help'],
    ['turn_completed', { zone: 'nowhere' }, 'dispatch trigger add --help'],
  ] as const)('is refused with what to write: %s %j', (kind, spec, hint) => {
    using bench = makeBench()
    const { check } = makeTimetable(bench.store)
    expect(() => check(row(kind, spec), NOW)).toThrow(
      expect.objectContaining({
        code: 'validation',
        hint: typeof hint === 'string' ? hint : expect.stringMatching(hint),
      }),
    )
  })

  it('has a jitter that is longer than its interval', () => {
    using bench = makeBench()
    const { check } = makeTimetable(bench.store)
    const spec = { everyMs: 60_000, jitterMs: 60_000 }
    expect(() => check(row('interval', spec), NOW)).toThrow('--jitter has to be shorter')
    expect(() => check(row('interval', { ...spec, jitterMs: 59_999 }), NOW)).not.toThrow()
  })
})

describe('what is ahead', () => {
  it('ends where the trigger does', () => {
    using bench = makeBench()
    const { preview } = makeTimetable(bench.store)
    const times = (part: Partial<TriggerRow>, spec: Partial<TriggerSpec> = {}) =>
      preview(
        { ...row('interval', { everyMs: 60_000, ...spec }), ...part },
        { after: NOW, limit: 3 },
      ).map((time) => time - NOW)
    expect(times({})).toEqual([60_000, 120_000, 180_000])
    expect(times({}, { until: NOW + 120_001 })).toEqual([60_000, 120_000])
    expect(times({}, { until: NOW + 120_000 })).toEqual([60_000])
    expect(times({ fires: 1 }, { maxFires: 3 })).toEqual([60_000, 120_000])
    expect(times({ fires: 3 }, { maxFires: 3 })).toEqual([])
    expect(times({ state: 'paused' })).toEqual([])
  })

  it('is when it fires: with its jitter, and what is late by that first', () => {
    using bench = makeBench()
    const { ahead, expected, preview } = makeTimetable(bench.store)
    const spread = row('interval', { everyMs: 60_000, jitterMs: 50_000 })
    const planned = { ...spread, ...ahead(spread, NOW) }
    const late = (planned.nextAt ?? 0) - 1
    expect(late).toBeGreaterThan(planned.scheduledAt ?? 0)
    for (const now of [NOW, late]) {
      const [first = 0, second = 0] = preview(planned, { after: now, limit: 2 })
      expect(first).toBe(expected(planned, now))
      expect(second).toBe(ahead(planned, NOW + 60_000).nextAt)
    }
    const [then] = preview(planned, { after: planned.nextAt ?? 0, limit: 1 })
    expect(then).toBe(ahead(planned, NOW + 60_000).nextAt)
  })

  it('of an event is the end alone', () => {
    using bench = makeBench()
    const { ahead } = makeTimetable(bench.store)
    const none = { nextAt: null, scheduledAt: null }
    expect(ahead(row('turn_completed', {}), NOW)).toEqual(none)
    expect(ahead(row('turn_completed', { until: NOW + 1 }), NOW)).toEqual({
      ...none,
      nextAt: NOW + 1,
    })
  })
})

import { describe, expect, it } from 'vitest'
import { ScheduleError } from './errors.ts'
import { makeSchedules } from './schedules.ts'

const NOON = Date.UTC(2026, 10, 21, 12)

describe('makeSchedules', () => {
  it('reads an expression once for all that have it, in each zone', () => {
    const schedules = makeSchedules()
    const read = (zone: string) => schedules.read({ kind: 'cron', expression: '0 9 * * *', zone })
    expect(read('UTC')).toBe(read('UTC'))
    expect(read('UTC')).not.toBe(read('Asia/Tokyo'))
    expect(read('UTC').next(NOON)).toBe(Date.UTC(2026, 10, 22, 9))
    expect(read('Asia/Tokyo').next(NOON)).toBe(Date.UTC(2026, 10, 22, 0))
    expect(read('asia/tokyo').next(NOON)).toBe(Date.UTC(2026, 10, 22, 0))
  })

  it('goes on when it has forgotten', () => {
    const schedules = makeSchedules()
    const first = { kind: 'cron', expression: '0 0 * * *', zone: 'UTC' } as const
    const before = schedules.read(first)
    for (let at = 0; at < 2_000; at += 1) {
      const expression = `${at % 60} ${Math.floor(at / 60) % 24} * ${1 + Math.floor(at / 1_440)} *`
      schedules.read({ kind: 'cron', expression, zone: 'UTC' })
    }
    const after = schedules.read(first)
    expect(after).not.toBe(before)
    expect(after.next(NOON)).toBe(before.next(NOON))
  })

  it('refuses every time what was refused', () => {
    const schedules = makeSchedules()
    const bad = [
      { kind: 'cron', expression: '0 9 * * monday', zone: 'UTC' },
      { kind: 'cron', expression: '0 9 * * *', zone: 'Mars/Phobos' },
      { kind: 'interval', seconds: 0, anchor: NOON },
      { kind: 'at', at: Number.NaN },
    ] as const
    for (const spec of [...bad, ...bad]) {
      expect(() => schedules.read(spec)).toThrow(ScheduleError)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { ScheduleError } from './errors.ts'
import { makeInterval } from './interval.ts'
import { makeMoment } from './moment.ts'

describe('makeInterval', () => {
  it('runs one interval after its anchor, and never drifts', () => {
    const schedule = makeInterval(90, 1_000)
    expect(schedule.next(0)).toBe(91_000)
    expect(schedule.next(91_000)).toBe(181_000)
    expect(schedule.next(250_000)).toBe(271_000)
    expect(schedule.latest(90_999)).toBeNull()
    expect(schedule.latest(270_999)).toBe(181_000)
    expect(schedule.count(0, 271_000)).toBe(3)
    expect(schedule.count(91_000, 91_000)).toBe(0)
    expect(schedule.count(271_000, 0)).toBe(0)
  })

  it('takes fractions, and has no end but that of time', () => {
    expect(makeInterval(0.25, 0).next(0)).toBe(250)
    expect(makeInterval(1e9, 0).next(0)).toBe(1e12)
    expect(makeInterval(2e11, Date.UTC(5_000, 0)).next(0)).toBeNull()
  })

  it.each([0, -1, 0.0001, Number.NaN, Number.POSITIVE_INFINITY, 1e18])('refuses %d', (seconds) => {
    expect(() => makeInterval(seconds, 0)).toThrow(ScheduleError)
    expect(() => makeInterval(seconds, 0)).toThrow(/^seconds: /)
  })
})

describe('makeMoment', () => {
  it('is once', () => {
    const schedule = makeMoment(500)
    expect([schedule.next(499), schedule.next(500)]).toEqual([500, null])
    expect([schedule.latest(499), schedule.latest(500)]).toEqual([null, 500])
    expect([schedule.count(0, 499), schedule.count(0, 500), schedule.count(500, 900)]).toEqual([
      0, 1, 0,
    ])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Date.UTC(10_000, 0)])('refuses %d', (at) => {
    expect(() => makeMoment(at)).toThrow(/^at: /)
  })
})

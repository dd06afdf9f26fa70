import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSchedules } from '../src/schedules.ts'
import { latestTimes, nextTimes } from '../src/times.ts'
import { anyExpression } from './expressions.ts'
import { runMinuteByMinute, showClock } from './minute-by-minute.ts'

/** Shifts by an hour, half an hour, two hours and a day; at night, at midnight, a minute after it. */
const shifts = [
  ...['2026-03-08', '2026-11-01', '2027-03-14', '2027-11-07', '2028-03-12', '2028-11-05'].map(
    (day) => ['America/New_York', day] as const,
  ),
  ...['2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31', '2028-03-26', '2028-10-29'].map(
    (day) => ['Europe/Berlin', day] as const,
  ),
  ...['2026-04-04', '2026-10-03', '2027-04-03', '2027-10-02', '2028-04-01', '2028-09-30'].map(
    (day) => ['Australia/Lord_Howe', day] as const,
  ),
  ['America/Santiago', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['America/Havana', '2026-03-08'],
  ['America/Havana', '2026-11-01'],
  ['Africa/Cairo', '2026-04-24'],
  ['Africa/Cairo', '2026-10-30'],
  ['Africa/Casablanca', '2026-02-15'],
  ['Africa/Casablanca', '2026-03-22'],
  ['America/St_Johns', '2010-03-14'],
  ['America/St_Johns', '2010-11-07'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Antarctica/Troll', '2026-10-25'],
  ['Asia/Pyongyang', '2018-05-04'],
  ['Pacific/Apia', '2011-12-30'],
  // A window of looks begins within the hour that is shown twice.
  ['Europe/Berlin', '2010-10-31'],
  ['Asia/Amman', '2019-10-24'],
] as const

const DAY = 86_400_000
const clocks = shifts.map(([zone, day]) => {
  const from = Date.parse(`${day}T00:00Z`) - 2 * DAY
  return { zone, from, walls: showClock(zone, from, from + 5 * DAY) }
})

describe('cron around shifts', () => {
  it('is what a clock that is looked at every minute makes of it', () => {
    const schedules = makeSchedules()
    const property = fc.property(
      anyExpression,
      fc.constantFrom(...clocks),
      (expression, { zone, from, walls }) => {
        // The first and the last day may be cut: what is missing of them decides nothing.
        const first = from + DAY
        const last = from + 4 * DAY
        const expected = runMinuteByMinute(expression, { walls, from }).filter(
          (time) => time >= first && time < last,
        )
        const schedule = schedules.read({ kind: 'cron', expression, zone })
        const limit = expected.length + 1
        const after = first - 1
        const upTo = last - 1
        expect(nextTimes(schedule, { after, limit }).filter((time) => time < last)).toEqual(
          expected,
        )
        expect(latestTimes(schedule, { after, upTo, limit })).toEqual(expected)
        expect(schedule.count(after, upTo)).toBe(expected.length)
      },
    )
    const clockOf = (zone: string, day: string) =>
      clocks[shifts.findIndex((shift) => shift[0] === zone && shift[1] === day)] ?? clocks[0]
    const examples = [
      // The first instant after the gap is one of its times too, and is so once.
      ['0 2,3 * * *', clockOf('America/New_York', '2026-03-08')],
      ['0,30 2 * * *', clockOf('Australia/Lord_Howe', '2026-10-03')],
      ['*/20 2 * * *', clockOf('America/New_York', '2026-03-08')],
      ['10,30,50 2 * * *', clockOf('Europe/Berlin', '2010-10-31')],
      ['25 0 * * *', clockOf('Asia/Amman', '2019-10-24')],
    ].filter((example): example is [string, (typeof clocks)[number]] => example[1] !== undefined)
    fc.assert(property, { numRuns: 400, examples })
  })

  it('has seen a shift in each of them', () => {
    const steps = clocks.map(({ walls }) =>
      walls.some((wall, index) => index > 0 && wall - (walls[index - 1] ?? 0) !== 60_000),
    )
    expect(steps).toEqual(clocks.map(() => true))
  })
})

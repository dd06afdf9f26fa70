import { Cron } from 'croner'
import { CronExpressionParser } from 'cron-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSchedules } from '../src/schedules.ts'
import { latestTimes, nextTimes } from '../src/times.ts'
import { anyExpressionOfAYear, anyOverlap } from './expressions.ts'

const schedules = makeSchedules()
const START = Date.UTC(2024, 0)
const anyTime = fc
  .integer({ min: 0, max: 4 * 365 * 24 * 60 })
  .map((minute) => START + minute * 60_000)

const byCroner = (expression: string, timezone: string, after: number, count: number) => {
  const cron = new Cron(expression, { timezone, mode: '5-part' })
  return cron.nextRuns(count, new Date(after)).map((date) => date.getTime())
}

const byCronParser = (expression: string, tz: string, after: number, count: number) => {
  const cron = CronExpressionParser.parse(expression, { tz, currentDate: new Date(after) })
  return Array.from({ length: count }, () => cron.next().getTime())
}

// Where clocks do not shift, all crons are of one mind.
describe('cron and other libraries', () => {
  it('agrees with croner in zones that do not shift', () => {
    const zone = fc.constantFrom('UTC', 'Asia/Tokyo', 'Asia/Kathmandu', 'America/Phoenix')
    const property = fc.property(anyExpressionOfAYear, zone, anyTime, (expression, zone, after) => {
      const schedule = schedules.read({ kind: 'cron', expression, zone })
      const expected = byCroner(expression, zone, after, 3)
      expect(nextTimes(schedule, { after, limit: 3 })).toEqual(expected)
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('reads lists that hold values twice as croner does', () => {
    const property = fc.property(anyOverlap, anyTime, (expression, after) => {
      const schedule = schedules.read({ kind: 'cron', expression, zone: 'UTC' })
      const expected = byCroner(expression, 'UTC', after, 20)
      expect(nextTimes(schedule, { after, limit: 20 })).toEqual(expected)
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('reckons in UTC as cron-parser does', () => {
    const property = fc.property(anyExpressionOfAYear, anyTime, (expression, after) => {
      const schedule = schedules.read({ kind: 'cron', expression, zone: 'UTC' })
      const expected = byCronParser(expression, 'UTC', after, 3)
      expect(nextTimes(schedule, { after, limit: 3 })).toEqual(expected)
    })
    fc.assert(property, { numRuns: 300 })
  })

  it.each([
    ['30 2 29 2 *', 'UTC', '2024-03-01T00:00Z'],
    ['0 0 29 2 *', 'America/New_York', '2096-03-01T00:00Z'],
    ['59 23 31 12 *', 'Pacific/Kiritimati', '2025-06-01T00:00Z'],
    ['0 9 1 * mon', 'Europe/Berlin', '2026-05-20T00:00Z'],
    ['0 12 13 * fri', 'America/New_York', '2026-06-01T00:00Z'],
    ['5-59/20 8-10/2 * jan,JUL sun-tue', 'Asia/Tokyo', '2026-01-30T00:00Z'],
    ['0 0 * * 7', 'UTC', '2026-01-01T00:00Z'],
  ])('agrees with croner about %s in %s', (expression, zone, from) => {
    const after = Date.parse(from)
    const schedule = schedules.read({ kind: 'cron', expression, zone })
    expect(nextTimes(schedule, { after, limit: 4 })).toEqual(byCroner(expression, zone, after, 4))
  })
})

describe('a cron schedule', () => {
  const zones = fc.constantFrom(
    'America/New_York',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'UTC',
  )

  it('is the same from both sides', () => {
    const property = fc.property(
      anyExpressionOfAYear,
      zones,
      anyTime,
      (expression, zone, after) => {
        const schedule = schedules.read({ kind: 'cron', expression, zone })
        const times = nextTimes(schedule, { after, limit: 20 })
        const upTo = times.at(-1) ?? after
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
        expect(latestTimes(schedule, { after, upTo, limit: 21 })).toEqual(times)
        expect(schedule.count(after, upTo)).toBe(times.length)
      },
    )
    fc.assert(property, { numRuns: 300 })
  })

  it('answers as if it had never been asked before', () => {
    const question = fc.tuple(fc.constantFrom('next', 'latest'), anyTime)
    const property = fc.property(
      anyExpressionOfAYear,
      fc.array(question, { minLength: 2, maxLength: 20 }),
      (expression, questions) => {
        const spec = { kind: 'cron', expression, zone: 'Europe/Berlin' } as const
        const asked = makeSchedules().read(spec)
        for (const [side, time] of questions) {
          const fresh = makeSchedules().read(spec)
          expect(side === 'next' ? asked.next(time) : asked.latest(time)).toBe(
            side === 'next' ? fresh.next(time) : fresh.latest(time),
          )
        }
      },
    )
    fc.assert(property, { numRuns: 20 })
  })

  it.each([
    ['0 0 29 2 */7', 'UTC', '2004-02-29T00:00Z', '2032-02-29T00:00Z'],
    ['0 0 29 2 */7', 'America/New_York', '2004-02-29T05:00Z', '2032-02-29T05:00Z'],
    ['0 */24 29 2 */7', 'Europe/Berlin', '2004-02-28T23:00Z', '2032-02-28T23:00Z'],
  ])('finds %s in %s, at %s and at %s', (expression, zone, before, after) => {
    const schedule = schedules.read({ kind: 'cron', expression, zone })
    const [first, second] = [Date.parse(before), Date.parse(after)]
    expect(schedule.next(first)).toBe(second)
    expect(schedule.latest(second)).toBe(second)
    expect(schedule.latest(second - 1)).toBe(first)
    expect(schedule.count(first, second)).toBe(1)
  })

  it('finds what a clock at hand shows again, before it looks a year ahead', () => {
    const schedule = schedules.read({
      kind: 'cron',
      expression: '*/30 1 1 nov *',
      zone: 'America/New_York',
    })
    const [first, second] = [Date.parse('2026-11-01T05:30Z'), Date.parse('2026-11-01T06:00Z')]
    expect(schedule.next(first)).toBe(second)
    expect(schedule.latest(second - 1)).toBe(first)
    expect(schedule.next(second + 1_800_000)).toBe(Date.parse('2027-11-01T05:00Z'))
  })

  it('begins in 1970 and ends with the year 9999', () => {
    const schedule = schedules.read({ kind: 'cron', expression: '@yearly', zone: 'UTC' })
    expect(schedule.next(Number.MIN_SAFE_INTEGER)).toBe(0)
    expect(schedule.latest(-1)).toBeNull()
    expect(schedule.next(Date.UTC(9999, 0))).toBeNull()
    expect(schedule.next(Number.MAX_SAFE_INTEGER)).toBeNull()
    expect(schedule.latest(Number.MAX_SAFE_INTEGER)).toBe(Date.UTC(9999, 0))
    expect(schedule.count(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toBe(8030)
  })
})

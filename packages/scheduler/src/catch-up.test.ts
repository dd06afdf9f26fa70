import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CATCH_UP_MAX, catchUp, type CatchUpPolicy, GRACE_MS } from './catch-up.ts'
import { endSchedule } from './ending.ts'
import type { ScheduleSpec } from './schedule.ts'
import { makeSchedules } from './schedules.ts'
import { nextTimes } from './times.ts'

const schedules = makeSchedules()
const NOON = Date.UTC(2026, 10, 21, 12)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const YEAR = 365 * 24 * HOUR

const minutely = schedules.read({ kind: 'cron', expression: '* * * * *', zone: 'UTC' })
const daily = schedules.read({ kind: 'cron', expression: '0 9 * * *', zone: 'UTC' })
const NINE = NOON - 3 * HOUR

describe('catchUp', () => {
  it('acts on what is due at this moment, whatever the policy', () => {
    for (const policy of ['skip', 'latest', 'all'] as const) {
      const question = { schedule: daily, last: NINE - 24 * HOUR, now: NINE + 4, policy }
      expect(catchUp(question)).toEqual({ act: [NINE], missed: null, settled: NINE })
    }
  })

  it('has nothing to do before', () => {
    const question = { schedule: daily, last: NINE, now: NOON, policy: 'all' } as const
    expect(catchUp(question)).toEqual({ act: [], missed: null, settled: NINE })
  })

  it('skips what is later than a minute, and says so', () => {
    const last = NINE - 24 * HOUR
    const at = (now: number) => catchUp({ schedule: daily, last, now, policy: 'skip' })
    expect(at(NINE + GRACE_MS).act).toEqual([NINE])
    expect(at(NINE + GRACE_MS + 1)).toEqual({
      act: [],
      missed: { count: 1, first: NINE, last: NINE },
      settled: NINE,
    })
  })

  it('acts once after a year, and counts the rest', () => {
    const last = NOON - YEAR
    expect(catchUp({ schedule: minutely, last, now: NOON + 500, policy: 'latest' })).toEqual({
      act: [NOON],
      missed: { count: 525_599, first: last + MINUTE, last: NOON - MINUTE },
      settled: NOON,
    })
  })

  it('acts on the last hundred at the most', () => {
    const last = NOON - YEAR
    const { act, missed } = catchUp({ schedule: minutely, last, now: NOON, policy: 'all' })
    expect(act).toEqual(Array.from({ length: 100 }, (_, at) => NOON - (99 - at) * MINUTE))
    expect(missed).toEqual({
      count: 525_500,
      first: last + MINUTE,
      last: NOON - 100 * MINUTE,
    })
  })

  it('asks nothing of a schedule but its ends, however long it was', () => {
    let calls = 0
    const counted = {
      next: (after: number) => ((calls += 1), minutely.next(after)),
      latest: (upTo: number) => ((calls += 1), minutely.latest(upTo)),
      count: (after: number, upTo: number) => ((calls += 1), minutely.count(after, upTo)),
    }
    const question = { schedule: counted, last: NOON - 10 * YEAR, now: NOON }
    catchUp({ ...question, policy: 'latest' })
    expect(calls).toBeLessThan(10)
    catchUp({ ...question, policy: 'all' })
    expect(calls).toBeLessThan(10 + CATCH_UP_MAX + 10)
  })

  it('does not act on a stalled interval for each time it missed', () => {
    const schedule = schedules.read({ kind: 'interval', seconds: 1, anchor: NOON })
    const stalled = { schedule, last: NOON, now: NOON + 5_300 }
    expect(catchUp({ ...stalled, policy: 'skip' })).toMatchObject({
      act: [NOON + 5_000],
      missed: { count: 4, first: NOON + 1_000, last: NOON + 4_000 },
    })
  })

  it('repeats nothing when the clock goes back', () => {
    const question = { schedule: minutely, last: NOON, policy: 'all' } as const
    expect(catchUp({ ...question, now: NOON - 2 * HOUR })).toEqual({
      act: [],
      missed: null,
      settled: NOON,
    })
  })

  it('ends with the schedule', () => {
    const once = schedules.read({ kind: 'at', at: NOON })
    expect(catchUp({ schedule: once, last: NINE, now: NOON + HOUR, policy: 'latest' })).toEqual({
      act: [NOON],
      missed: null,
      settled: NOON,
    })
    const ending = endSchedule(minutely, NOON)
    expect(
      catchUp({ schedule: ending, last: NOON - MINUTE, now: NOON + HOUR, policy: 'latest' }),
    ).toEqual({ act: [NOON], missed: null, settled: NOON })
  })

  const anySpec = fc.oneof(
    fc
      .integer({ min: 1, max: 10_000 })
      .map((seconds): ScheduleSpec => ({ kind: 'interval', seconds, anchor: NOON - 7_000 })),
    fc
      .constantFrom('* * * * *', '*/30 * * * *', '30 2 * * *', '0 0,12 * * *')
      .map((expression): ScheduleSpec => ({
        kind: 'cron',
        expression,
        zone: 'Australia/Lord_Howe',
      })),
    fc.constant<ScheduleSpec>({ kind: 'at', at: NOON + HOUR }),
  )

  it('settles every occurrence once, in order, however the clock runs', () => {
    const policies = fc.constantFrom<CatchUpPolicy>('skip', 'latest', 'all')
    const moves = fc.array(fc.integer({ min: -20 * HOUR, max: 30 * HOUR }), { maxLength: 12 })
    const property = fc.property(anySpec, policies, moves, (spec, policy, steps) => {
      const schedule = schedules.read(spec)
      const acted: number[] = []
      let now = NOON
      let last = NOON
      let settledCount = 0
      let furthest = NOON
      for (const step of steps) {
        now += step
        const answer = catchUp({ schedule, last, now, policy })
        acted.push(...answer.act)
        settledCount += answer.act.length + (answer.missed?.count ?? 0)
        furthest = Math.max(furthest, now)
        last = answer.settled
      }
      expect(acted).toEqual([...new Set(acted)].sort((a, b) => a - b))
      expect(settledCount).toBe(schedule.count(NOON, furthest))
      for (const time of acted) expect(schedule.next(time - 1)).toBe(time)
      if (policy === 'all' && settledCount <= CATCH_UP_MAX) {
        expect(acted).toEqual(nextTimes(schedule, { after: NOON, limit: acted.length }))
      }
    })
    fc.assert(property, { numRuns: 300 })
  })
})

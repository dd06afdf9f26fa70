import type { TriggerRow, TriggerSpec } from '@dispatch/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeBench, triggerRow, triggerSpec } from '../../test/bench.ts'
import { nextTimesOf } from './next-times.ts'
import { makeTimetable, type Timetable } from './timetable.ts'

// Before and behind a shift of its clocks.
const NOW = Date.UTC(2026, 2, 28, 23, 30)
const HOUR = 3_600_000

type Part = { row: TriggerRow; late: number }

const specs = fc.oneof(
  fc.record({ everyMs: fc.constantFrom(1_000, 60_000, HOUR) }),
  fc.record({
    cron: fc.constantFrom('* * * * *', '*/7 2 * * *', '30 2 * * *', '0 9 * * 1', '59 23 31 * *'),
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'),
  }),
  fc.record({ at: fc.integer({ min: NOW, max: NOW + HOUR }) }),
)

const kindOf = (spec: Partial<TriggerSpec>): TriggerRow['kind'] =>
  spec.everyMs ? 'interval' : spec.cron ? 'cron' : 'at'

const parts: fc.Arbitrary<Part> = fc
  .record({
    spec: specs,
    jitterMs: fc.constantFrom(null, 500, 90_000),
    maxFires: fc.constantFrom(null, 1, 3),
    until: fc.constantFrom(null, NOW + HOUR / 2),
    fires: fc.integer({ min: 0, max: 2 }),
    rest: fc.constantFrom(null, NOW + 45_000, NOW + HOUR / 2),
    state: fc.constantFrom('active', 'active', 'active', 'paused'),
    armed: fc.integer({ min: 1, max: 3 * HOUR }),
    // When it was planned last: before that it was due, and is not acted on yet.
    late: fc.constantFrom(0, 0, 0, 2 * HOUR),
  })
  .map(({ spec, jitterMs, maxFires, until, fires, rest, state, armed, late }) => {
    const whole = triggerSpec({ ...spec, jitterMs, maxFires, until })
    const part = { kind: kindOf(spec), spec: whole, state, fires, armedAt: NOW - armed }
    return { late, row: triggerRow('', { ...part, backoffUntil: rest }) }
  })

const plan = (timetable: Timetable, given: readonly Part[]): TriggerRow[] =>
  given.map(({ row, late }, index) => {
    const named = { ...row, id: `t${index}`, name: `t${index}` }
    const none = { nextAt: null, scheduledAt: null }
    const ahead = row.state === 'active' ? timetable.ahead(named, NOW - late) : none
    return { ...named, ...ahead }
  })

it('are those that all times of all triggers would give', () => {
  using bench = makeBench()
  const timetable = makeTimetable(bench.store)
  const sizes = { minLength: 1, maxLength: 12 }
  fc.assert(
    fc.property(fc.array(parts, sizes), fc.integer({ min: 1, max: 12 }), (given, limit) => {
      const rows = plan(timetable, given)
      const query = { after: NOW, limit }
      const told = nextTimesOf(timetable, rows, query)
      const all = rows
        .flatMap((row) => timetable.preview(row, query).map((time) => ({ time, row })))
        .toSorted((one, other) => one.time - other.time)
      const short = ({ time, row }: { time: number; row: TriggerRow }) => `${time - NOW} ${row.id}`
      expect(told.map(short)).toEqual(all.slice(0, limit).map(short))
    }),
    { seed: 7, numRuns: 2_000 },
  )
})

it('asks only those for more whose next but one may be among them', () => {
  using bench = makeBench()
  const timetable = makeTimetable(bench.store)
  const asked: string[] = []
  const preview: Timetable['preview'] = (row, query) => {
    asked.push(row.id)
    return timetable.preview(row, query)
  }
  const cron = (id: string, expression: string): TriggerRow => {
    const spec = triggerSpec({ cron: expression, zone: 'Europe/Berlin' })
    const row = triggerRow(id, { kind: 'cron', armedAt: NOW, spec })
    return { ...row, ...timetable.ahead(row, NOW) }
  }
  const rows = [
    cron('minutely', '* * * * *'),
    cron('seven', '37 * * * *'),
    cron('ten', '40 * * * *'),
  ]
  const told = nextTimesOf({ preview }, rows, { after: NOW, limit: 2 })
  expect(told.map(({ row }) => row.id)).toEqual(['minutely', 'minutely'])
  expect(asked).toEqual(['minutely'])
})

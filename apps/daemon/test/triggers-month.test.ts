// A month of two hundred triggers, with daemons that are killed at any commit, are down for seconds or
// days, and clocks that shift three times: what became of every occurrence is what the rules say.
import type { RunOutcome, RunReason } from '@dispatch/contract'
import type { TriggerRow } from '@dispatch/store'
import { Cron } from 'croner'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Month, runMonth } from './month/month.ts'
import { makeOracle } from './month/oracle.ts'
import { DAY, END, START } from './month/plan.ts'
import { makeWalk } from './month/walk.ts'

/** When a clock of the month shifts; what is a day from that is the same for every cron. */
const SHIFTS = ['2026-03-08T07:00Z', '2026-03-29T01:00Z', '2026-04-04T15:00Z'].map(Date.parse)

const SEED = Number(process.env['MONTH_SEED'] ?? 1)

const isoOf = (ms: number): string => new Date(ms).toISOString()

const countOf = (detail: string | null): number =>
  Number(/for (\d+) times/.exec(detail ?? '')?.[1] ?? 1)

describe('a month of triggers', () => {
  let month: Month
  let expectedOf: ReturnType<typeof makeOracle>

  beforeAll(async () => {
    month = await runMonth(SEED)
    expectedOf = makeOracle(month, makeWalk(START, END))
  }, 120_000)

  // What is expected and was not, and the other way round, by key.
  const differencesOf = (trigger: TriggerRow): string[] => {
    const actual = new Map((month.runs.get(trigger.id) ?? []).map((run) => [run.key, run]))
    const expected = new Map(expectedOf(trigger).map((one) => [one.key, one]))
    const keys = [...new Set([...expected.keys(), ...actual.keys()])]
    return keys.flatMap((key) => {
      const [one, run] = [expected.get(key), actual.get(key)]
      const should = one ? [one.outcome, isoOf(one.at), one.count].join(' ') : 'nothing'
      const is = run
        ? [run.outcome, isoOf(run.createdAt), countOf(run.detail)].join(' ')
        : 'nothing'
      const isSame = should === is && one?.reasons.includes(run?.reason ?? null) === true
      return isSame
        ? []
        : [
            `${trigger.name} ${key}: ${should} ${one?.reasons.join(' or ') ?? ''}, is ${is} ${run?.reason ?? ''}`,
          ]
    })
  }

  it('goes by the rules as they are written, occurrence by occurrence', () => {
    expect(month.triggers).toHaveLength(200)
    expect(month.triggers.flatMap(differencesOf)).toEqual([])
  })

  it('reckons the times of its rules as another cron does, but for the days of a shift', () => {
    const walk = makeWalk(START, END)
    const isPlain = (time: number): boolean =>
      SHIFTS.every((shift) => Math.abs(time - shift) > DAY && time <= END)
    const crons = month.triggers.filter(({ kind }) => kind === 'cron')
    const timesOf = ({ spec }: TriggerRow): number[] => {
      const cron = new Cron(spec.cron ?? '', { timezone: spec.zone ?? '', mode: '5-part' })
      const times: number[] = []
      for (let at = START; at <= END;) {
        at = cron.nextRun(new Date(at))?.getTime() ?? Infinity
        if (spec.until === null || at < spec.until) times.push(at)
      }
      return times
    }
    expect(crons.length).toBeGreaterThanOrEqual(60)
    for (const trigger of crons) {
      const [is, should] = [walk(trigger), timesOf(trigger)].map((times) => times.filter(isPlain))
      expect(is, `${trigger.spec.cron} ${trigger.spec.zone}`).toEqual(should)
    }
  })

  it('hands each message over once, and none that is not an occurrence which fired', () => {
    const runs = [...month.runs.values()].flat()
    const fired = new Set(runs.filter(({ outcome }) => outcome === 'fired').map(({ id }) => id))
    expect([...month.codex.messages.keys()].filter((id) => !fired.has(id))).toEqual([])
    const isThere = (id: string): boolean => month.codex.messages.has(id) || month.waits.has(id)
    expect([...fired].filter((id) => !isThere(id))).toEqual([])
    expect(month.leftLanes).toEqual([])
  })

  it('has had something of everything', () => {
    const runs = [...month.runs.values()].flat()
    const counts = Map.groupBy(
      runs,
      ({ outcome, reason }): RunReason | RunOutcome => reason ?? outcome,
    )
    const figures = [...counts].map(([what, { length }]) => `${length} ${what}`)
    const { daemons, codex } = month
    process.stdout.write(
      `a month: ${month.triggers.length} triggers, ${daemons.length} daemons, ${codex.turns.length} turns, ${runs.length} occurrences: ${figures.join(', ')}\n`,
    )
    const needed: (RunReason | RunOutcome)[] = [
      'fired',
      'not_running',
      'busy',
      'idle_only',
      'min_interval',
      'loop',
      'error',
    ]
    expect(needed.filter((what) => !counts.has(what))).toEqual([])
    expect(daemons.length).toBeGreaterThan(40)
    const acted = runs.filter(({ outcome, createdAt, firedAt }) => {
      const next = daemons.find(({ end }) => end === createdAt)
      return outcome === 'fired' && next !== undefined && firedAt !== createdAt
    })
    expect(acted.length).toBeGreaterThan(5)
  })
})

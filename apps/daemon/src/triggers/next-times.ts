// The next times of many triggers together. A trigger's first one is in its row; those behind it are
// reckoned only where they may be among the first of all. The first look at a zone costs a process
// 10 ms for Intl's data and each zone 1 to 3 ms, and who asks for ten times of many needs few of them.
import type { TriggerRow } from '@dispatch/store'
import { restsUntil } from './decide-fire.ts'
import type { Timetable } from './timetable.ts'

export type NextTime = { time: number; row: TriggerRow }

type Query = { after: number; limit: number }

const MINUTE = 60_000

/** A trigger's first time, and one before which its second does not come. */
type First = { row: TriggerRow; time: number; restAfter: number }

// How far apart two of its scheduled times are at least.
const stepOf = ({ kind, spec }: TriggerRow): number => {
  if (kind === 'interval') return spec.everyMs ?? 1
  return kind === 'cron' ? MINUTE : Infinity
}

// What the row says; null where it has to be reckoned.
const plannedFirst = (row: TriggerRow, after: number): First | null => {
  const { kind, spec, fires, state, nextAt, scheduledAt } = row
  if (kind !== 'interval' && kind !== 'cron' && kind !== 'at') return null
  if (state !== 'active' || nextAt === null || scheduledAt === null) return null
  if (spec.maxFires !== null && fires >= spec.maxFires) return null
  if (nextAt <= after || nextAt < (restsUntil(row, after) ?? 0)) return null
  return { row, time: nextAt, restAfter: scheduledAt + stepOf(row) }
}

/** The first `limit` times after `after` of all of them, in order; at one time in the order of the rows. */
export const nextTimesOf = (
  timetable: Pick<Timetable, 'preview'>,
  rows: readonly TriggerRow[],
  query: Query,
): NextTime[] => {
  const { after, limit } = query
  const all = (row: TriggerRow): NextTime[] =>
    timetable.preview(row, query).map((time) => ({ time, row }))
  const firsts = rows.map((row) => plannedFirst(row, after))
  const planned = firsts.flatMap((first) => (first === null ? [] : [first.time]))
  // Among the first of all is none behind this, even if only first ones were counted.
  const horizon = planned.toSorted((one, other) => one - other)[limit - 1] ?? Infinity
  const times = rows.flatMap((row, index) => {
    const first = firsts[index] ?? null
    if (first === null || first.restAfter <= horizon) return all(row)
    return [{ time: first.time, row }]
  })
  return times.toSorted((one, other) => one.time - other.time).slice(0, limit)
}

// The times of a cron expression on a clock that never shifts: its days, and the minutes of each such
// day. Wall times are ms as if they were UTC. What a zone makes of them is cron.ts.
import { DAY, makeDays } from './days.ts'
import type { CronFields } from './expression.ts'

/** The times of an expression on the wall. */
export type Calendar = {
  /** The first at or after `wall`, or null. */
  atOrAfter(wall: number): number | null
  /** The last before `wall`, or null. */
  before(wall: number): number | null
  /** How many from `from` up to, without, `to`. */
  count(from: number, to: number): number
  /** Minute or hour are unrestricted: the times follow the clock, also where it shifts. */
  wildcard: boolean
}

const MINUTE = 60_000

const timesOf = ({ minute, hour }: CronFields): number[] =>
  hour.has.flatMap((hours, h) =>
    hours ? minute.has.flatMap((minutes, m) => (minutes ? [(h * 60 + m) * MINUTE] : [])) : [],
  )

/** The index of the first of sorted `times` that is at least `time`. */
const lowerBound = (times: readonly number[], time: number): number => {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The calendar of an expression. */
export const makeCalendar = (fields: CronFields): Calendar => {
  const times = timesOf(fields)
  const days = makeDays(fields)
  const [first = 0] = times
  const last = times.at(-1) ?? 0
  const isWild = ({ has, star }: CronFields['hour']) => star || !has.includes(false)

  const onDay = (day: number | null, time: number): number | null =>
    day === null ? null : day * DAY + time
  const timesBefore = (wall: number): number =>
    lowerBound(times, wall - Math.floor(wall / DAY) * DAY)

  return {
    wildcard: isWild(fields.minute) || isWild(fields.hour),
    atOrAfter: (wall) => {
      const day = Math.floor(wall / DAY)
      const time = times[timesBefore(wall)]
      if (time !== undefined && days.has(day)) return day * DAY + time
      return onDay(days.nearest(day + 1, 1), first)
    },
    before: (wall) => {
      const day = Math.floor(wall / DAY)
      const time = times[timesBefore(wall) - 1]
      if (time !== undefined && days.has(day)) return day * DAY + time
      return onDay(days.nearest(day - 1, -1), last)
    },
    count: (from, to) => {
      if (to <= from) return 0
      const end = Math.floor(to / DAY)
      let whole = 0
      for (let day = Math.floor(from / DAY); day < end; day += 1) if (days.has(day)) whole += 1
      const startPart = days.has(Math.floor(from / DAY)) ? timesBefore(from) : 0
      const endPart = days.has(end) ? timesBefore(to) : 0
      return whole * times.length - startPart + endPart
    },
  }
}

// When a schedule has its times, by the plainest means: a clock of the zone is looked at every minute.
// Knows what docs/schedules.md says, and nothing of how the daemon reckons.
import type { TriggerRow } from '@dispatch/store'
import { DAY, MINUTE } from './plan.ts'

/** What the clock of a zone shows, minute by minute, as ms as if it were UTC. */
const showClock = (zone: string, from: number, to: number): number[] => {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  const walls: number[] = []
  for (let at = from; at < to; at += MINUTE) {
    walls.push(Date.parse(`${format.format(at).replace(' ', 'T')}Z`))
  }
  return walls
}

const valuesOf = (field: string, [low, high]: readonly [number, number]): Set<number> => {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '*', step = '1'] = part.split('/')
    const [from = '0', to = from] = range === '*' ? [`${low}`, `${high}`] : range.split('-')
    for (let value = Number(from); value <= Number(to); value += Number(step)) values.add(value)
  }
  return values
}

const makeMatch = (expression: string): ((wall: number) => boolean) => {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = expression.split(' ')
  const minutes = valuesOf(minute, [0, 59])
  const hours = valuesOf(hour, [0, 23])
  const days = valuesOf(day, [1, 31])
  const months = valuesOf(month, [1, 12])
  const weekdays = valuesOf(weekday, [0, 6])
  const isEither = !day.startsWith('*') && !weekday.startsWith('*')
  return (wall) => {
    const date = new Date(wall)
    const isDay = days.has(date.getUTCDate())
    const isWeekday = weekdays.has(date.getUTCDay())
    return (
      minutes.has(date.getUTCMinutes()) &&
      hours.has(date.getUTCHours()) &&
      months.has(date.getUTCMonth() + 1) &&
      (isEither ? isDay || isWeekday : isDay && isWeekday)
    )
  }
}

/** Looks at clocks; each zone's is read once. */
export const makeWalk = (start: number, end: number) => {
  // Days that clocks shift on have to be whole.
  const from = start - 2 * DAY
  const clocks = new Map<string, number[]>()

  const cronTimes = (expression: string, zone: string): number[] => {
    const walls = clocks.get(zone) ?? showClock(zone, from, end + 2 * DAY)
    clocks.set(zone, walls)
    const matches = makeMatch(expression)
    const [minute = '', hour = ''] = expression.split(' ')
    const isWild = minute.startsWith('*') || hour.startsWith('*')
    const shown = new Set<number>()
    const times: number[] = []
    const daysWithTimes = new Set(walls.filter(matches).map((wall) => Math.floor(wall / DAY)))
    for (const [index, wall] of walls.entries()) {
      let runs = matches(wall) && (isWild || !shown.has(wall))
      const expected = (walls[index - 1] ?? wall - MINUTE) + MINUTE
      for (let skipped = expected; skipped < wall; skipped += MINUTE) {
        const isLeftOut = !isWild || !daysWithTimes.has(Math.floor(skipped / DAY))
        if (matches(skipped) && isLeftOut) runs = true
      }
      shown.add(wall)
      if (runs) times.push(from + index * MINUTE)
    }
    return times
  }

  /** The times of a trigger by the clock, within the month. */
  return ({ kind, spec }: TriggerRow): number[] => {
    const isIn = (at: number): boolean =>
      at > start && at <= end && (spec.until === null || at < spec.until)
    if (kind === 'at') return [spec.at ?? 0].filter(isIn)
    if (kind === 'cron') return cronTimes(spec.cron ?? '', spec.zone ?? '').filter(isIn)
    const step = spec.everyMs ?? 0
    const count = Math.floor((end - start) / step)
    return Array.from({ length: count }, (_, index) => start + (index + 1) * step).filter(isIn)
  }
}

// The rules of docs/schedules.md once more, by the plainest means: a clock is looked at every minute.
// It shares nothing with the sources; fields are read by another library, clocks shown by Intl.
import { CronExpressionParser } from 'cron-parser'

const MINUTE = 60_000
const DAY = 86_400_000

/** What a clock of a zone shows, minute by minute, as ms as if it were UTC. */
export const showClock = (zone: string, from: number, to: number): number[] => {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const walls: number[] = []
  for (let at = from; at < to; at += MINUTE) {
    walls.push(Date.parse(`${format.format(at).replace(' ', 'T')}Z`))
  }
  return walls
}

const makeMatch = (expression: string) => {
  const { minute, hour, dayOfMonth, month, dayOfWeek } =
    CronExpressionParser.parse(expression).fields
  const [minutes, hours, , , weekdays = ''] = expression.split(' ')
  const has = (values: readonly unknown[], value: number) => values.includes(value)
  const either = !dayOfMonth.isWildcard && weekdays !== '*'
  return {
    wildcard:
      minutes?.startsWith('*') === true ||
      hours?.startsWith('*') === true ||
      minute.values.length === 60 ||
      hour.values.length === 24,
    matches: (wall: number): boolean => {
      const date = new Date(wall)
      const inMonth = has(dayOfMonth.values, date.getUTCDate())
      const inWeek = has(dayOfWeek.values, date.getUTCDay())
      return (
        has(minute.values, date.getUTCMinutes()) &&
        has(hour.values, date.getUTCHours()) &&
        has(month.values, date.getUTCMonth() + 1) &&
        (either ? inMonth || inWeek : inMonth && inWeek)
      )
    },
  }
}

/** The occurrences while `walls` are shown, from `from` on. Days that a shift touches have to be whole. */
export const runMinuteByMinute = (
  expression: string,
  { walls, from }: { walls: readonly number[]; from: number },
): number[] => {
  const { wildcard, matches } = makeMatch(expression)
  const shown = new Set<number>()
  const daysWithTimes = new Set(walls.filter(matches).map((wall) => Math.floor(wall / DAY)))
  const times: number[] = []
  for (const [index, wall] of walls.entries()) {
    const at = from + index * MINUTE
    const expected = index === 0 ? wall : (walls[index - 1] ?? wall) + MINUTE
    let runs = matches(wall) && (wildcard || !shown.has(wall))
    for (let skipped = expected; skipped < wall; skipped += MINUTE) {
      if (!matches(skipped)) continue
      if (!wildcard || !daysWithTimes.has(Math.floor(skipped / DAY))) runs = true
    }
    shown.add(wall)
    if (runs) times.push(at)
  }
  return times
}

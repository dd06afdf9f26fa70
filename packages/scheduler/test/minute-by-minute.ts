// The rules of docs/schedules.md once more, by the plainest means: a clock is looked at every minute.
// It shares nothing with the sources, nor a library with them; clocks are shown by Intl.

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

/** The values of a field as expressions.ts writes them, out of those from `min` to `max`. */
const readValues = (field: string, min: number, max: number): number[] =>
  field.split(',').flatMap((item) => {
    const [range = '', step = '1'] = item.split('/')
    const [from = min, to = from] = range === '*' ? [min, max] : range.split('-').map(Number)
    return Array.from({ length: max + 1 }, (_, value) => value).filter(
      (value) => value >= from && value <= to && (value - from) % Number(step) === 0,
    )
  })

const makeMatch = (expression: string) => {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] =
    expression.split(' ')
  const minutes = readValues(minute, 0, 59)
  const hours = readValues(hour, 0, 23)
  const days = readValues(dayOfMonth, 1, 31)
  const months = readValues(month, 1, 12)
  const weekdays = readValues(dayOfWeek, 0, 6)
  const either = dayOfMonth !== '*' && dayOfWeek !== '*'
  return {
    wildcard:
      minute.startsWith('*') ||
      hour.startsWith('*') ||
      minutes.length === 60 ||
      hours.length === 24,
    matches: (wall: number): boolean => {
      const date = new Date(wall)
      const inMonth = days.includes(date.getUTCDate())
      const inWeek = weekdays.includes(date.getUTCDay())
      return (
        minutes.includes(date.getUTCMinutes()) &&
        hours.includes(date.getUTCHours()) &&
        months.includes(date.getUTCMonth() + 1) &&
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

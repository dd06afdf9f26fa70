// Days and times as a person types them, in that person's zone. Pure.
import { DispatchError } from '@dispatch/contract'

/** A stretch of time; `to` is the first instant after it. Epoch ms. */
export type Span = { from: number; to: number }

const shape = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/
const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i

const partsIn = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })

// What the clock of that zone shows, read as if it were UTC.
const clockOf = (format: Intl.DateTimeFormat, at: number): number => {
  const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const of = (name: Intl.DateTimeFormatPartTypes): number => part.get(name) ?? 0
  const seconds = Date.UTC(
    of('year'),
    of('month') - 1,
    of('day'),
    of('hour'),
    of('minute'),
    of('second'),
  )
  return seconds + (((at % 1_000) + 1_000) % 1_000)
}

// When the clock shows that time, and when it would if it had not been set; ascending.
const wallToInstants = (wall: number, zone: string): { shown: number[]; unset: number } => {
  const format = partsIn(zone)
  const offsets = [-1, 1].map((days) => {
    const near = wall + days * 86_400_000
    return clockOf(format, near) - near
  })
  const candidates = [...new Set(offsets.map((offset) => wall - offset))].sort((a, b) => a - b)
  const shown = candidates.filter((at) => clockOf(format, at) === wall)
  return { shown, unset: candidates.at(-1) ?? wall }
}

// A time that occurs twice is the first; one that no clock shows is read as if it had not been set yet.
const wallToInstant = (wall: number, zone: string): number => {
  const { shown, unset } = wallToInstants(wall, zone)
  return shown[0] ?? unset
}

const invalid = (text: string, name: string, more = ''): DispatchError =>
  new DispatchError('validation', `${name} is no date or time: ${JSON.stringify(text)}.`, {
    hint: `Write 2026-06-01, 2026-06-01T14:30 or 2026-06-01T14:30:00Z${more}.`,
  })

/** Makes the refusal of a text. */
type Refusal = () => DispatchError

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

const knownZone = (zone: string): string => {
  try {
    return partsIn(zone).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

type Wall = { day: number; nextDay: number; time: number | null }

/** Whether a text says of itself which zone it is of. */
export const isZoned = (text: string): boolean => zoned.test(text.trim()) && text.includes(':')

// As the clock shows it, read as if it were UTC; `time` is null where a whole day is meant.
const textToWall = (text: string, refusal: Refusal): Wall => {
  const match = shape.exec(text.trim())
  if (!match) throw refusal()
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) throw refusal()
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  return {
    day: Date.UTC(year, month - 1, day),
    nextDay: Date.UTC(year, month - 1, day + 1),
    time: match[4] === undefined ? null : time,
  }
}

const spanOf = (text: string, zone: string, refusal: Refusal): Span => {
  if (isZoned(text)) {
    const at = Date.parse(text.trim().replace(' ', 'T'))
    if (Number.isNaN(at)) throw refusal()
    return { from: at, to: at + 1 }
  }
  const { day, nextDay, time } = textToWall(text, refusal)
  const place = knownZone(zone)
  if (time === null) return { from: wallToInstant(day, place), to: wallToInstant(nextDay, place) }
  const at = wallToInstant(time, place)
  return { from: at, to: at + 1 }
}

/** What a text means: a day is all of it, a time that millisecond. `name` is for the error. */
export const textToSpan = (text: string, zone: string, name: string): Span =>
  spanOf(text, zone, () => invalid(text, name))

const stretch = /^(\d{1,6})([smhd])$/i
const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The same of what lies behind: also how long ago, as 90s, 30m, 1h or 2d, a day being 24 hours. */
export const textToPast = (
  text: string,
  { zone, now }: { zone: string; now: number },
  name: string,
): Span => {
  const [, count, unit = ''] = stretch.exec(text.trim()) ?? []
  if (count === undefined) {
    return spanOf(text, zone, () => invalid(text, name, ', or how long ago: 90s, 30m, 1h or 2d'))
  }
  const at = now - Number(count) * (unitMs[unit.toLowerCase()] ?? 0)
  return { from: at, to: at + 1 }
}

/** Whether the clocks of a zone never show a time, or show it twice; null where they show it once. */
export const textToWallFault = (text: string, zone: string): 'skipped' | 'repeated' | null => {
  if (isZoned(text)) return null
  const { time } = textToWall(text, () => invalid(text, 'The time'))
  if (time === null) return null
  const { shown } = wallToInstants(time, knownZone(zone))
  if (shown.length === 0) return 'skipped'
  return shown.length > 1 ? 'repeated' : null
}

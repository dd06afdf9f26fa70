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

// A time that occurs twice is the first; one that no clock shows is read as if it had not been set yet.
const wallToInstant = (wall: number, zone: string): number => {
  const format = partsIn(zone)
  const offsets = [-1, 1].map((days) => {
    const near = wall + days * 86_400_000
    return clockOf(format, near) - near
  })
  const candidates = offsets.map((offset) => wall - offset).sort((a, b) => a - b)
  const shown = candidates.find((at) => clockOf(format, at) === wall)
  return shown ?? candidates.at(-1) ?? wall
}

const invalid = (text: string, name: string): DispatchError =>
  new DispatchError('validation', `${name} is no date or time: ${JSON.stringify(text)}.`, {
    hint: 'Write 2026-06-01, 2026-06-01T14:30 or 2026-06-01T14:30:00Z.',
  })

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

/** What a text means: a day is all of it, a time that millisecond. `name` is for the error. */
export const textToSpan = (text: string, zone: string, name: string): Span => {
  const trimmed = text.trim()
  if (zoned.test(trimmed) && trimmed.includes(':')) {
    const at = Date.parse(trimmed.replace(' ', 'T'))
    if (Number.isNaN(at)) throw invalid(text, name)
    return { from: at, to: at + 1 }
  }
  const match = shape.exec(trimmed)
  if (!match) throw invalid(text, name)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) throw invalid(text, name)
  const place = knownZone(zone)
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'))
  if (match[4] === undefined) {
    return {
      from: wallToInstant(Date.UTC(year, month - 1, day), place),
      to: wallToInstant(Date.UTC(year, month - 1, day + 1), place),
    }
  }
  const at = wallToInstant(Date.UTC(year, month - 1, day, hour, minute, second, ms), place)
  return { from: at, to: at + 1 }
}

// A cron schedule in a zone. The time line is walked span by span of one offset, where wall and time
// differ by a constant; what a shift adds or takes is decided at the beginning of the span after it:
//
//   gap,  fixed time     its times in the gap are one occurrence, at the first instant after it
//   gap,  wildcard       they are none; one at that instant if the day would have no other
//   fold, fixed time     the times that are shown again are none
//   fold, wildcard       they are occurrences again
import { type Schedule, TIME_MAX } from '../schedule.ts'
import type { Span, Zone } from '../zone/zone.ts'
import type { Calendar } from './calendar.ts'
import { DAY, DAYS_MAX } from './days.ts'

/** As far as days are looked for. */
const REACH = DAYS_MAX * DAY

/** More than a zone shifts at once: what is further from a shift than this does not feel it. */
const FAR = 2 * DAY

/** Of the times in the gap before `span`: whether they make an occurrence at its start. */
const opensWithMissed = (calendar: Calendar, { start, offset, before }: Span): boolean => {
  const from = start + before
  const to = start + offset
  const inGap = calendar.atOrAfter(from)
  if (inGap === null || inGap >= to) return false
  if (!calendar.wildcard) return true
  const day = Math.floor(inGap / DAY) * DAY
  const others = calendar.count(day, Math.max(day, from)) + calendar.count(to, day + DAY)
  return others === 0
}

/** What a span holds: its walls [from, to), and perhaps one occurrence at its start that they lack. */
const readSpan = (calendar: Calendar, span: Span) => {
  const { start, end, offset, before } = span
  const shownAgain = before > offset && !calendar.wildcard
  const from = start + (shownAgain ? before : offset)
  const extra =
    before < offset && opensWithMissed(calendar, span) && calendar.atOrAfter(from) !== from
  return { start, end, offset, from, to: end + offset, extra }
}

/** The occurrences of `calendar` in `zone`. */
export const makeCron = (calendar: Calendar, zone: Zone): Schedule => {
  const at = (instant: number) => readSpan(calendar, zone.spanAt(instant))

  const next = (after: number): number | null => {
    let earliest = Math.max(0, after + 1)
    const limit = Math.min(TIME_MAX, earliest + REACH)
    let from = Number.POSITIVE_INFINITY
    let wall: number | null = null
    while (earliest <= limit) {
      const span = at(earliest)
      if (span.extra && span.start >= earliest) return span.start
      const since = Math.max(span.from, earliest + span.offset)
      // What was found from an earlier time on is still the first.
      if (wall === null || since < from || wall < since) wall = calendar.atOrAfter(since)
      if (wall === null) return null
      if (wall < span.to) return wall - span.offset <= TIME_MAX ? wall - span.offset : null
      from = since
      // Nothing before `wall`: what shifts on the way does not matter. But a fold at hand may show
      // times from before `since` again.
      const far = span.to - since > FAR && wall - span.to > 2 * FAR
      earliest = far ? wall - FAR : span.end
    }
    return null
  }

  const latest = (upTo: number): number | null => {
    let beyond = Math.min(upTo, TIME_MAX) + 1
    const limit = Math.max(0, beyond - REACH)
    let to = Number.NEGATIVE_INFINITY
    let wall: number | null = null
    while (beyond > limit) {
      const span = at(beyond - 1)
      const before = Math.min(span.to, beyond + span.offset)
      if (wall === null || before > to || wall >= before) wall = calendar.before(before)
      if (wall === null) return null
      if (wall >= span.from) return wall >= span.offset ? wall - span.offset : null
      if (span.extra) return span.start
      to = before
      const far = before - span.from > FAR && span.from - wall > 2 * FAR
      beyond = far ? wall + FAR : span.start
    }
    return null
  }

  const count = (after: number, upTo: number): number => {
    const end = Math.min(upTo, TIME_MAX) + 1
    let from = Math.max(0, after + 1)
    let total = 0
    while (from < end) {
      const span = at(from)
      const first = Math.max(span.from, from + span.offset)
      total += calendar.count(first, Math.min(span.to, end + span.offset))
      if (span.extra && span.start >= from) total += 1
      from = span.end
    }
    return total
  }

  return { next, latest, count }
}

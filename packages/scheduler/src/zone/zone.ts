// The offsets of an IANA zone, as spans between shifts. Node has no table of shifts, only what a clock
// shows (Intl, 2.7 us a look), so spans are searched once a window of 50 days and kept.

/** A stretch of time with one offset. Epoch ms; the offset is ms to add to get the wall. */
export type Span = {
  start: number
  /** The first instant that is not in it. */
  end: number
  offset: number
  /** The offset just before `start`: another one where the span begins with a shift. */
  before: number
}

/** A zone that can be asked for the span of an instant. Spans are cut at windows too. */
export type Zone = { name: string; spanAt(instant: number): Span }

/** A window is 50 days of 8 looks; no zone has shifted twice within one look's 6 days since 1970. */
const LOOK = 536_870_000
const LOOKS = 8
const WINDOW = LOOK * LOOKS

/** More than a clock is ever put forward or back, 24 hours when a zone changed its date. */
const SHIFT_MAX = 25 * 3_600_000

/** More windows than there are between two leap days; they are cheap to make again. */
const WINDOWS_KEPT = 128

const makeClock = (name: string): ((instant: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  return (instant) => {
    const text = format.format(instant)
    const [, sign, hours, minutes, seconds] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? []
    const size = Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
    return (sign === '-' ? -size : size) * 1_000
  }
}

/** The zone `name`, which has to be one: see known-zones.ts. */
export const makeZone = (name: string): Zone => {
  const offsetAt = makeClock(name)
  const windows = new Map<number, Span[]>()

  /** The first second in (low, high] with the offset of `high`. Shifts are on whole seconds. */
  const shiftBetween = (low: number, high: number, offset: number): number => {
    let from = low
    let to = high
    while (to - from > 1_000) {
      const middle = from + Math.floor((to - from) / 2_000) * 1_000
      if (offsetAt(middle) === offset) to = middle
      else from = middle
    }
    return to
  }

  /** The span at `start`. It begins with the last shift where that is so near that it is still felt. */
  const firstSpan = (start: number): Span => {
    const offset = offsetAt(start)
    const earlier = offsetAt(start - SHIFT_MAX)
    const shift = earlier === offset ? start : shiftBetween(start - SHIFT_MAX, start, offset)
    return { start: shift, end: start + WINDOW, offset, before: earlier }
  }

  const lookThrough = (start: number): Span[] => {
    let last = firstSpan(start)
    const spans = [last]
    for (let look = 1; look <= LOOKS; look += 1) {
      // What shifts at the end itself is of the next window.
      const at = look === LOOKS ? start + WINDOW - 1_000 : start + LOOK * look
      const offset = offsetAt(at)
      if (offset !== last.offset) {
        const shift = shiftBetween(start + LOOK * (look - 1), at, offset)
        const next = { start: shift, end: start + WINDOW, offset, before: last.offset }
        last.end = shift
        spans.push(next)
        last = next
      }
    }
    return spans
  }

  const windowAt = (instant: number): Span[] => {
    const index = Math.floor(instant / WINDOW)
    const known = windows.get(index)
    if (known !== undefined) return known
    if (windows.size >= WINDOWS_KEPT) windows.clear()
    const spans = lookThrough(index * WINDOW)
    windows.set(index, spans)
    return spans
  }

  return {
    name,
    spanAt: (instant) => {
      const spans = windowAt(instant)
      const span = spans.findLast(({ start }) => start <= instant) ?? spans[0]
      if (span === undefined) throw new RangeError(`No time: ${instant}`)
      return span
    },
  }
}

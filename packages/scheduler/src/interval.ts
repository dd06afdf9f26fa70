// Occurrences at equal distances. They are counted from the anchor, so late ones shift none after them.
import { ScheduleError } from './errors.ts'
import { type Schedule, TIME_MAX } from './schedule.ts'

/** Milliseconds of an interval. @throws ScheduleError where it is not a positive, finite time of at least 1 ms. */
const intervalMs = (seconds: number): number => {
  const ms = Math.round(seconds * 1_000)
  if (!(ms >= 1 && ms <= TIME_MAX)) {
    throw new ScheduleError(
      'seconds',
      `seconds: ${seconds} is no interval; it has to be more than 0, and finite.`,
    )
  }
  return ms
}

/** The n-th occurrence is n intervals after `anchor`; the first has n = 1. */
export const makeInterval = (seconds: number, anchor: number): Schedule => {
  const step = intervalMs(seconds)
  const upTo = (time: number) => Math.max(0, Math.floor((time - anchor) / step))
  const at = (index: number) => {
    const time = anchor + index * step
    return index >= 1 && time <= TIME_MAX ? time : null
  }
  return {
    next: (after) => at(upTo(after) + 1),
    latest: (time) => at(upTo(Math.min(time, TIME_MAX))),
    count: (after, time) => Math.max(0, upTo(Math.min(time, TIME_MAX)) - upTo(after)),
  }
}

// A schedule of one occurrence.
import { ScheduleError } from './errors.ts'
import { type Schedule, TIME_MAX } from './schedule.ts'

/** Once, at `at`. @throws ScheduleError where that is no time. */
export const makeMoment = (at: number): Schedule => {
  if (!(Math.abs(at) <= TIME_MAX)) {
    throw new ScheduleError('at', `at: ${at} is not a time before the year 10,000.`)
  }
  return {
    next: (after) => (at > after ? at : null),
    latest: (upTo) => (at <= upTo ? at : null),
    count: (after, upTo) => (at > after && at <= upTo ? 1 : 0),
  }
}

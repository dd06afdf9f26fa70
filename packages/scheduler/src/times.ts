// Occurrences as a list: a preview, or the rows of a catch-up.
import type { Schedule } from './schedule.ts'

/** Which occurrences: later than `after`, the first `limit` of them. */
export type TimesQuery = { after: number; limit: number }

/** The first occurrences after a time, in order; fewer where the schedule ends. */
export const nextTimes = (schedule: Schedule, { after, limit }: TimesQuery): number[] => {
  const times: number[] = []
  let time = schedule.next(after)
  while (time !== null && times.length < limit) {
    times.push(time)
    time = schedule.next(time)
  }
  return times
}

/** The last occurrences up to and with `upTo` that are later than `after`, in order. */
export const latestTimes = (
  schedule: Schedule,
  { after, upTo, limit }: TimesQuery & { upTo: number },
): number[] => {
  const times: number[] = []
  let time = schedule.latest(upTo)
  while (time !== null && time > after && times.length < limit) {
    times.push(time)
    time = schedule.latest(time - 1)
  }
  return times.toReversed()
}

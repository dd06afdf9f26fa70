// A schedule with an end.
import type { Schedule } from './schedule.ts'

/** The occurrences of `schedule` up to and with `until`, in epoch ms. */
export const endSchedule = (schedule: Schedule, until: number): Schedule => ({
  next: (after) => {
    const next = schedule.next(after)
    return next === null || next > until ? null : next
  },
  latest: (upTo) => schedule.latest(Math.min(upTo, until)),
  count: (after, upTo) => schedule.count(after, Math.min(upTo, until)),
})

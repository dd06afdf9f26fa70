// The public face: schedules and what follows from them. Times are epoch ms, everywhere.

/** Reads schedules: intervals, cron in a zone, single times. */
export { makeSchedules, type Schedules } from './schedules.ts'
export type { Schedule, ScheduleSpec } from './schedule.ts'

/** A schedule that was refused: the field, and what to write instead. */
export { ScheduleError, type ScheduleField } from './errors.ts'

/** The usual name of an IANA zone; refuses what is none, with the nearest one. */
export { requireZone } from './zone/known-zones.ts'

/** A schedule up to a time. */
export { endSchedule } from './ending.ts'

/** The next occurrences as a list. */
export { nextTimes } from './times.ts'

/** What to do about occurrences that have passed. */
export { catchUp, type CatchUp, type Missed } from './catch-up.ts'

/** The delay of an occurrence, the same after a restart. */
export { jitterMs } from './jitter.ts'

/** Wakes its owner when something is due, through jumps of the clock and sleeps of the machine. */
export { type Alarm, makeAlarm } from './alarm.ts'

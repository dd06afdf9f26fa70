// The one error of this package: a schedule that cannot be one, and how to write it instead.

/** The part of a schedule that an error is about. */
export type ScheduleField =
  | 'expression'
  | 'minute'
  | 'hour'
  | 'day of month'
  | 'month'
  | 'day of week'
  | 'zone'
  | 'seconds'
  | 'at'
  | 'jitter'

/** A schedule that was refused. The message names the field, what stood there and what may. */
export class ScheduleError extends Error {
  readonly field: ScheduleField
  /** What to write instead, whole: an expression for one of its fields. Null where nothing is near. */
  readonly suggestion: string | null

  constructor(field: ScheduleField, message: string, suggestion: string | null = null) {
    super(message)
    this.name = 'ScheduleError'
    this.field = field
    this.suggestion = suggestion
  }
}

// What a schedule is: a set of instants on the time line that can be asked from both sides. Owns the
// words; how each kind answers is in interval.ts, moment.ts and cron/.

/** How a schedule is written down. Times are epoch ms. */
export type ScheduleSpec =
  | {
      kind: 'interval'
      /** Seconds between two occurrences: more than 0; fractions count to the millisecond. */
      seconds: number
      /** Where the counting begins; the first occurrence is one interval later. */
      anchor: number
    }
  | {
      kind: 'cron'
      /** Five fields or an `@` form. */
      expression: string
      /** An IANA zone. */
      zone: string
    }
  | {
      kind: 'at'
      /** The only occurrence. */
      at: number
    }

/** The occurrences of a schedule, in epoch ms. It has no state that a caller could see. */
export type Schedule = {
  /** The first occurrence later than `after`, or null where there is none. */
  next(after: number): number | null
  /** The last occurrence at or before `upTo`, or null where there is none. */
  latest(upTo: number): number | null
  /** How many there are later than `after`, up to and with `upTo`. Exact; costs days, not occurrences. */
  count(after: number, upTo: number): number
}

/** Nothing is planned from the year 10,000 on: ISO-8601 has four digits for a year. */
export const TIME_MAX = Date.UTC(10_000, 0) - 1

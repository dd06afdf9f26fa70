// When a trigger is looked at next, and what has become of the times that have passed: the arithmetic
// of schedules under the rows of triggers. A trigger without times of its own has one all the same where
// it ends at one.
import { DispatchError } from '@dispatch/contract'
import {
  type CatchUp,
  catchUp,
  endSchedule,
  jitterMs,
  makeSchedules,
  nextTimes,
  requireZone,
  type Schedule,
  ScheduleError,
  type ScheduleField,
  type ScheduleSpec,
} from '@dispatch/scheduler'
import type { Store, TriggerRow } from '@dispatch/store'
import { restsUntil } from './decide-fire.ts'
import { ADD_HELP } from './definition.ts'
import { restOf } from './rest.ts'

/** When a trigger is looked at, and the time that this is for. */
export type Ahead = Pick<TriggerRow, 'nextAt' | 'scheduledAt'>

/** The part of a trigger that its times follow from. */
export type Scheduled = Pick<TriggerRow, 'id' | 'kind' | 'spec' | 'armedAt'>

/** Reckons with triggers. */
export type Timetable = {
  /** Throws `validation` where it never could fire by its times. */
  check(trigger: Scheduled, now: number): void
  /** What is ahead later than `after`; both null where nothing is. */
  ahead(trigger: TriggerRow, after: number): Ahead
  /** What became of the times of a timed trigger that is due. */
  settle(trigger: TriggerRow, now: number): CatchUp
  /** When it fires next, as far as that is known: after the rest of one that failed. */
  expected(trigger: TriggerRow, now: number): number | null
  /** The next times that it fires at, with their jitter, as far as they are known. */
  preview(trigger: TriggerRow, query: { after: number; limit: number }): number[]
}

const nothing: Ahead = { nextAt: null, scheduledAt: null }

const specOf = ({ kind, spec, armedAt }: Scheduled): ScheduleSpec | null => {
  if (kind === 'interval') return { kind, seconds: (spec.everyMs ?? 0) / 1_000, anchor: armedAt }
  if (kind === 'cron') return { kind, expression: spec.cron ?? '', zone: spec.zone ?? 'UTC' }
  return kind === 'at' ? { kind, at: spec.at ?? 0 } : null
}

const flags: Partial<Record<ScheduleField, string>> = {
  zone: '--timezone',
  seconds: '--seconds',
  at: '--at',
  jitter: '--jitter',
}

/** Every minute of some hours or of all: what is suggested is pasted as it stands, and would be a turn a minute. */
const isEveryMinute = (suggestion: string): boolean => /^\*(?:\/1)? /.test(suggestion)

const problemToError = ({ message, field, suggestion }: ScheduleError): DispatchError => {
  if (suggestion !== null && isEveryMinute(suggestion)) {
    return new DispatchError('validation', message, {
      hint: 'Write five fields, such as --cron "0 9 * * 1-5".',
      details: { field, suggestion: null },
    })
  }
  return new DispatchError('validation', message, {
    hint: suggestion === null ? ADD_HELP : `Write ${flags[field] ?? '--cron'} "${suggestion}".`,
    details: { field, suggestion },
  })
}

/** Makes it. */
export const makeTimetable = (store: Store): Timetable => {
  const schedules = makeSchedules()

  const scheduleOf = (trigger: Scheduled): Schedule | null => {
    const written = specOf(trigger)
    if (written === null) return null
    const schedule = schedules.read(written)
    const { until } = trigger.spec
    return until === null ? schedule : endSchedule(schedule, until - 1)
  }

  // No longer than until its next time: one that came behind that would be taken for a missed one.
  const delayOf = (trigger: Scheduled, scheduledAt: number): number => {
    const { id, spec } = trigger
    if (spec.jitterMs === null) return 0
    const next = scheduleOf(trigger)?.next(scheduledAt) ?? Infinity
    const maxMs = Math.min(spec.jitterMs, next - scheduledAt - 1)
    return jitterMs({ seed: id, scheduledAt, maxMs })
  }

  const timeToAhead = (trigger: Scheduled, time: number | null): Ahead =>
    time === null ? nothing : { nextAt: time + delayOf(trigger, time), scheduledAt: time }

  const checkJitter = ({ kind, spec }: Scheduled): void => {
    if (kind !== 'interval' || spec.jitterMs === null || spec.everyMs === null) return
    if (spec.jitterMs < spec.everyMs) return
    throw new DispatchError('validation', '--jitter has to be shorter than --seconds.')
  }

  // One that rests for less than its stretch still asks, when this stretch is over, whether it may fire.
  const expectedRest = (trigger: TriggerRow, now: number): number | null => {
    const rest = trigger.kind === 'idle_for' ? restOf(store, trigger, now) : null
    if (rest === null) return null
    const at = Math.max(rest.at, now)
    const { until } = trigger.spec
    return at < (restsUntil(trigger, now) ?? 0) || at >= (until ?? Infinity) ? null : at
  }

  const expected = (trigger: TriggerRow, now: number): number | null => {
    if (trigger.state !== 'active') return null
    if (specOf(trigger) === null) return expectedRest(trigger, now)
    const { nextAt, scheduledAt } = trigger
    const from = restsUntil(trigger, now)
    // What stands in the row needs no schedule: to read a cron expression takes longer than the whole row.
    if (scheduledAt !== null && (from === null || (nextAt ?? 0) >= from)) return nextAt
    const next = from === null ? null : (scheduleOf(trigger)?.next(from - 1) ?? null)
    return timeToAhead(trigger, next).nextAt
  }

  return {
    expected,
    check: (trigger, now) => {
      try {
        requireZone(trigger.spec.zone ?? 'UTC')
        checkJitter(trigger)
        const schedule = scheduleOf(trigger)
        if (schedule === null || schedule.next(now) !== null) return
      } catch (error) {
        throw error instanceof ScheduleError ? problemToError(error) : error
      }
      throw new DispatchError('validation', 'It would never fire: it has no time before its end.', {
        hint: ADD_HELP,
      })
    },
    ahead: (trigger, after) => {
      const schedule = scheduleOf(trigger)
      if (schedule) return timeToAhead(trigger, schedule.next(after))
      const { until } = trigger.spec
      const rest = trigger.kind === 'idle_for' ? restOf(store, trigger, after) : null
      if (rest && (until === null || rest.at < until))
        return { nextAt: rest.at, scheduledAt: rest.at }
      // It is looked at once more to be ended.
      return { nextAt: until, scheduledAt: null }
    },
    settle: (trigger, now) => {
      const schedule = scheduleOf(trigger)
      const { scheduledAt, spec } = trigger
      if (schedule === null || scheduledAt === null) return { act: [], missed: null, settled: now }
      // What comes late by its jitter is not late.
      const at = Math.max(scheduledAt, now - delayOf(trigger, scheduledAt))
      // It fires no more from its end on: what was missed before that is recorded.
      const isOver = spec.until !== null && at >= spec.until
      const policy = isOver ? 'skip' : (spec.catchUp ?? 'latest')
      return catchUp({ schedule, last: scheduledAt - 1, now: at, policy })
    },
    preview: (trigger, { after, limit }) => {
      const { spec, fires, state } = trigger
      if (state !== 'active') return []
      const left = spec.maxFires === null ? limit : Math.min(limit, spec.maxFires - fires)
      const schedule = scheduleOf(trigger)
      if (schedule) {
        const from = Math.max(after, (restsUntil(trigger, after) ?? 0) - 1)
        const { nextAt, scheduledAt } = trigger
        // What comes late by its jitter is ahead still.
        const isLate = scheduledAt !== null && scheduledAt <= from && (nextAt ?? 0) > from
        const query = { after: isLate ? scheduledAt - 1 : from, limit: Math.max(0, left) }
        return nextTimes(schedule, query).map((time) => time + delayOf(trigger, time))
      }
      const at = expectedRest(trigger, after)
      return left > 0 && at !== null ? [at] : []
    },
  }
}

// What to do about occurrences whose time has passed. Pure, and the same rule for those of this moment
// and for those that passed while nobody was there: nobody knows for sure which of them they are.
import type { Schedule } from './schedule.ts'
import { latestTimes } from './times.ts'

/** What becomes of missed occurrences: none is acted on, the latest once, or all, 100 at the most. */
export type CatchUpPolicy = 'skip' | 'latest' | 'all'

/** `all` acts on so many, the latest ones. */
export const CATCH_UP_MAX = 100

/** The latest occurrence is not missed while it is no later than this: 60 s, the leg of an alarm. */
export const GRACE_MS = 60_000

export type CatchUpQuestion = {
  schedule: Schedule
  /** The last occurrence that was settled; before the first, the time from which the schedule counts. */
  last: number
  now: number
  policy: CatchUpPolicy
}

/** Occurrences that nobody will act on, to be recorded in one row. Scheduled times, epoch ms. */
export type Missed = { count: number; first: number; last: number }

export type CatchUp = {
  /** Scheduled times to act on now, in order. */
  act: readonly number[]
  missed: Missed | null
  /** The `last` of the next question. */
  settled: number
}

const chooseTimes = ({ schedule, last, now, policy }: CatchUpQuestion): number[] => {
  if (policy === 'all')
    return latestTimes(schedule, { after: last, upTo: now, limit: CATCH_UP_MAX })
  const newest = schedule.latest(now)
  const acts = newest !== null && newest > last && (policy === 'latest' || newest >= now - GRACE_MS)
  return acts ? [newest] : []
}

/**
 * Settles everything that passed up to `now`. Costs the same after a minute and after a year, but for
 * counting, which takes 50 ns a day. A clock that goes back repeats nothing: nothing is settled before
 * what comes after `last`.
 */
export const catchUp = (question: CatchUpQuestion): CatchUp => {
  const { schedule, last, now } = question
  const passed = last < now ? schedule.count(last, now) : 0
  if (passed === 0) return { act: [], missed: null, settled: last }
  const act = chooseTimes(question)
  const settled = schedule.latest(now) ?? last
  const first = schedule.next(last)
  const lastMissed = schedule.latest((act[0] ?? now + 1) - 1)
  const count = passed - act.length
  const missed = count > 0 && first !== null && lastMissed !== null
  return { act, missed: missed ? { count, first, last: lastMissed } : null, settled }
}

// Schedules as they are written down -> schedules that answer. Owns what they share: expressions are
// read once, zones searched once, and the next occurrence is kept, for thousands of triggers have few
// distinct (expression, zone).
import { makeCalendar } from './cron/calendar.ts'
import { makeCron } from './cron/cron.ts'
import { readExpression } from './cron/expression.ts'
import { makeInterval } from './interval.ts'
import { makeMoment } from './moment.ts'
import type { Schedule, ScheduleSpec } from './schedule.ts'
import { requireZone } from './zone/known-zones.ts'
import { makeZone, type Zone } from './zone/zone.ts'

/** Reads schedules, and remembers what they have in common. */
export type Schedules = {
  /** @throws ScheduleError where it cannot be one; its suggestion is what to write instead. */
  read(spec: ScheduleSpec): Schedule
}

/** Distinct (expression, zone) that are kept; a minutely one takes 30 KB. */
const KEPT = 2_000

/** Keeps the last answers: neighbours ask for the same instants. */
const remembering = (schedule: Schedule): Schedule => {
  let nextFrom = 0
  let next: number | null = null
  let latest: number | null = null
  let latestTo = 0
  return {
    next: (after) => {
      if (next === null || after < nextFrom || after >= next) {
        next = schedule.next(after)
        nextFrom = after
      }
      return next
    },
    latest: (upTo) => {
      if (latest === null || upTo < latest || upTo > latestTo) {
        latest = schedule.latest(upTo)
        latestTo = upTo
      }
      return latest
    },
    count: schedule.count,
  }
}

/** An empty memory; one is enough for a process. */
export const makeSchedules = (): Schedules => {
  const crons = new Map<string, Schedule>()
  const zones = new Map<string, Zone>()

  const zoneOf = (text: string): Zone => {
    const known = zones.get(text)
    if (known !== undefined) return known
    const zone = makeZone(requireZone(text))
    zones.set(text, zone)
    return zone
  }

  const readCron = (expression: string, zone: string): Schedule => {
    const key = `${zone} ${expression}`
    const known = crons.get(key)
    if (known !== undefined) return known
    const cron = remembering(makeCron(makeCalendar(readExpression(expression)), zoneOf(zone)))
    if (crons.size >= KEPT) {
      crons.clear()
      zones.clear()
    }
    crons.set(key, cron)
    return cron
  }

  return {
    read: (spec) => {
      switch (spec.kind) {
        case 'interval':
          return makeInterval(spec.seconds, spec.anchor)
        case 'cron':
          return readCron(spec.expression, spec.zone)
        case 'at':
          return makeMoment(spec.at)
      }
    },
  }
}

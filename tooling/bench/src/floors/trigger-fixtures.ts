// Triggers that a registry is filled with before its daemon starts: of every kind, on all of its lanes,
// most of them hours ahead, some due already, some due at one moment soon.
import { join } from 'node:path'
import { makeSchedules, type Schedules } from '@dispatch/scheduler'
import { openStore, type TriggerRow, type TriggerRunRecord } from '@dispatch/store'
import { triggerRow, triggerSpec } from '@dispatch/store/testing'
import type { World } from '@dispatch/e2e'
import { threadIdOf } from './fixtures.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** How many there are; of them overdue; of them due at once, at each of some moments. */
export type TriggerLoad = { triggers: number; lanes: number; overdue: number; soon: number }

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Sao_Paulo',
  'Asia/Tokyo',
  'Africa/Nairobi',
  'Europe/London',
  'America/Denver',
  'UTC',
]
const CRONS_PER_ZONE = 50

const idOf = (number: number): string =>
  `019bd000-0002-7000-8000-${number.toString(16).padStart(12, '0')}`

type Definition = Pick<TriggerRow, 'kind' | 'sourceId' | 'spec' | 'nextAt' | 'scheduledAt'>

// Hours ahead: nothing of them is due while something is measured.
const AHEAD = 2 * HOUR

const cronOf = (number: number, { now, schedules }: Ahead): Definition => {
  const place = Math.floor(number / 4) % (CRONS_PER_ZONE * zones.length)
  const zone = zones[place % zones.length] ?? 'UTC'
  for (const hour of [3, 9]) {
    const expression = `${Math.floor(place / zones.length)} ${hour} * * *`
    const nextAt = schedules.read({ kind: 'cron', expression, zone }).next(now)
    if (nextAt === null || nextAt < now + AHEAD) continue
    const spec = triggerSpec({ cron: expression, zone })
    return { kind: 'cron', sourceId: null, spec, nextAt, scheduledAt: nextAt }
  }
  throw new Error(`${zone} has no hour to spare`)
}

type Ahead = { now: number; schedules: Schedules }

const laterOf = (number: number, ahead: Ahead): Definition => {
  const nextAt = ahead.now + AHEAD + (number % 4_000) * 10_000
  const none = { sourceId: null, nextAt, scheduledAt: nextAt }
  switch (number % 4) {
    case 0:
      return cronOf(number, ahead)
    case 1:
      return { ...none, kind: 'interval', spec: triggerSpec({ everyMs: DAY }) }
    case 2:
      return { ...none, kind: 'at', spec: triggerSpec({ at: nextAt }) }
    default:
      return {
        kind: 'turn_completed',
        sourceId: threadIdOf(number % 1_000),
        spec: triggerSpec({ outcomes: ['completed'], catchUp: null }),
        nextAt: null,
        scheduledAt: null,
      }
  }
}

const everyDay = (nextAt: number): Definition => ({
  kind: 'interval',
  sourceId: null,
  spec: triggerSpec({ everyMs: DAY }),
  nextAt,
  scheduledAt: nextAt,
})

// Whole hours from UTC: the minute is the same in all of them.
const wholeZones = zones.filter((zone) => !/Kolkata|Lord_Howe/.test(zone))

// Half of them are crons that nobody else has: none of them has been read when they are due, seconds
// after their minute, as with a delay.
const soonOf = (number: number, at: number): Definition => {
  if (number % 4 === 0)
    return { kind: 'at', sourceId: null, spec: triggerSpec({ at }), nextAt: at, scheduledAt: at }
  if (number % 4 === 1) return everyDay(at)
  const scheduledAt = at - (at % 60_000)
  const minute = new Date(at).getUTCMinutes()
  const zone = wholeZones[number % wholeZones.length] ?? 'UTC'
  const cron = `${minute},${(minute + 20 + (number % 29)) % 60} * * ${1 + (number % 12)},* *`
  const spec = triggerSpec({ cron, zone })
  return { kind: 'cron', sourceId: null, spec, nextAt: at, scheduledAt }
}

/** Fills the registry of a world. */
export const fillTriggers = (
  { home }: Pick<World, 'home'>,
  { triggers, lanes, overdue, soon }: TriggerLoad,
  { now, moments }: { now: number; moments: readonly number[] },
): void => {
  using store = openStore({ file: join(home, 'registry.db') })
  const schedules = makeSchedules()
  const definitionOf = (number: number): Definition => {
    if (number < overdue) return everyDay(now - HOUR + number)
    const at = moments[Math.floor((number - overdue) / soon)]
    return at === undefined ? laterOf(number, { now, schedules }) : soonOf(number, at)
  }
  store.transaction(() => {
    // As a daemon that had them before leaves it: the next one finds its clock gone on.
    store.runtime.set('triggers.reckoned', now)
    for (let number = 0; number < triggers; number += 1) {
      const definition = definitionOf(number)
      const { nextAt } = definition
      store.triggers.insert(
        triggerRow(idOf(number), {
          ...definition,
          name: `trigger ${number}`,
          laneId: threadIdOf(number % lanes),
          text: 'reply: done',
          createdAt: now - DAY,
          updatedAt: now - DAY,
          armedAt: (nextAt ?? now) - DAY,
        }),
      )
    }
  })
}

/** Looks at the occurrences of a registry while its daemon writes them. */
export type OccurrenceView = Disposable & {
  count(): number
  /** Those that are on disk and were taken up from then on. */
  since(at: number): number
}

/** Opens such a view: along no index but the newest first, so for few of them. */
export const viewOccurrences = ({ home }: World, most: number): OccurrenceView => {
  const store = openStore({ file: join(home, 'registry.db'), readonly: true })
  const newest = (limit: number): TriggerRunRecord[] =>
    store.triggerRuns.list({ triggerId: null, outcome: null, limit, before: null })
  return {
    count: () => newest(most).length,
    since: (at) => {
      const isOf = ({ createdAt }: TriggerRunRecord): boolean => createdAt >= at
      return newest(1).some(isOf) ? newest(most).filter(isOf).length : 0
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  }
}

// Triggers that a registry is filled with before its daemon starts: of every kind, on all of its lanes,
// most of them hours ahead, some due already, some due at one moment soon.
import { join } from 'node:path'
import { makeSchedules, type Schedules } from '@dispatch/scheduler'
import { openStore, type TriggerRow, type TriggerRunRecord } from '@dispatch/store'
import type { World } from '@dispatch/e2e'
import { threadIdOf } from './fixtures.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** How many there are, and of them due. */
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

const specOf = (part: Partial<TriggerRow['spec']>): TriggerRow['spec'] => ({
  everyMs: null,
  cron: null,
  zone: 'UTC',
  at: null,
  outcomes: [],
  presets: [],
  cwd: null,
  template: false,
  idleOnly: false,
  minIntervalMs: null,
  dedupe: false,
  overlap: 'skip',
  catchUp: 'latest',
  jitterMs: null,
  until: null,
  maxFires: null,
  ...part,
})

type Definition = Pick<TriggerRow, 'kind' | 'sourceId' | 'spec' | 'nextAt'>

// Hours ahead: nothing of them is due while something is measured.
const AHEAD = 2 * HOUR

const cronOf = (number: number, { now, schedules }: Ahead): Definition => {
  const place = Math.floor(number / 4) % (CRONS_PER_ZONE * zones.length)
  const zone = zones[place % zones.length] ?? 'UTC'
  for (const hour of [3, 9]) {
    const expression = `${Math.floor(place / zones.length)} ${hour} * * *`
    const nextAt = schedules.read({ kind: 'cron', expression, zone }).next(now)
    if (nextAt === null || nextAt < now + AHEAD) continue
    return { kind: 'cron', sourceId: null, spec: specOf({ cron: expression, zone }), nextAt }
  }
  throw new Error(`${zone} has no hour to spare`)
}

type Ahead = { now: number; schedules: Schedules }

const laterOf = (number: number, ahead: Ahead): Definition => {
  const nextAt = ahead.now + AHEAD + (number % 4_000) * 10_000
  const none = { sourceId: null, nextAt }
  switch (number % 4) {
    case 0:
      return cronOf(number, ahead)
    case 1:
      return { ...none, kind: 'interval', spec: specOf({ everyMs: DAY }) }
    case 2:
      return { ...none, kind: 'at', spec: specOf({ at: nextAt }) }
    default:
      return {
        kind: 'turn_completed',
        sourceId: threadIdOf(number % 1_000),
        spec: specOf({ outcomes: ['completed'], catchUp: null }),
        nextAt: null,
      }
  }
}

/** Fills the registry of a world; `soonAt` is when the last ones are due at once. */
export const fillTriggers = (
  { home }: World,
  { triggers, lanes, overdue, soon }: TriggerLoad,
  { now, soonAt }: { now: number; soonAt: number },
): void => {
  using store = openStore({ file: join(home, 'registry.db') })
  const schedules = makeSchedules()
  const definitionOf = (number: number): Definition => {
    const every = { kind: 'interval', sourceId: null, spec: specOf({ everyMs: DAY }) } as const
    if (number < overdue) return { ...every, nextAt: now - HOUR + number }
    if (number >= overdue + soon) return laterOf(number, { now, schedules })
    return { kind: 'at', sourceId: null, spec: specOf({ at: soonAt }), nextAt: soonAt }
  }
  store.transaction(() => {
    for (let number = 0; number < triggers; number += 1) {
      const definition = definitionOf(number)
      const { nextAt } = definition
      store.triggers.insert({
        ...definition,
        id: idOf(number),
        name: `trigger ${number}`,
        laneId: threadIdOf(number % lanes),
        action: 'send',
        text: 'reply: done',
        state: 'active',
        reason: null,
        createdAt: now - DAY,
        updatedAt: now - DAY,
        armedAt: (nextAt ?? now) - DAY,
        inputHash: null,
        armedSeq: 0,
        scheduledAt: nextAt,
        fires: 0,
        failures: 0,
        backoffUntil: null,
        lastFiredAt: null,
      })
    }
  })
}

/** The occurrences in the registry of a world, newest first. */
export const readOccurrences = ({ home }: World, limit: number): TriggerRunRecord[] => {
  using store = openStore({ file: join(home, 'registry.db'), readonly: true })
  return store.triggerRuns.list({ triggerId: null, outcome: null, limit, before: null })
}

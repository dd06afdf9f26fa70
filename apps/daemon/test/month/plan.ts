// What the month holds: two hundred triggers of every kind, and what people do on the lanes meanwhile.
// Schedules are in whole minutes, everything else beside them, so that nothing is at once by chance.
import type { TriggerAddInput } from '@dispatch/contract'
import type { Turn } from './codex.ts'
import type { Chance } from './time.ts'

export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

/** New York goes forward on March 8, Berlin on the 29th, Lord Howe half an hour back on April 5. */
export const START = Date.UTC(2026, 2, 7, 12)
export const END = START + 30 * DAY
/** The last moment that anything is done in. */
export const LAST = END + 40_000

/** A delay up to this keeps what it delays before the next start of a daemon, which is at :40. */
export const SMALL_JITTER = 20

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Sao_Paulo',
  'UTC',
] as const

const crons = [
  '30 2 * * *',
  '0 2 * * *',
  '0,30 2 * * *',
  '0 2,3 * * *',
  '30 1 * * *',
  '45 1 * * 0',
  '15 2 * * *',
  '0 */8 * * *',
  '*/30 1 * * *',
  '*/30 2 * * 0',
  '15 */6 * * *',
  '0 9 * * 1-5',
  '0 9 1,15 * 1',
  '0 0 * * *',
  '0 0 1,12 * *',
  '*/20 8-9 * * 6,0',
  '5 4 8,29 3 *',
  '50 23 * * *',
] as const

/** A person's turn. */
export type Work = {
  lane: string
  at: number
  ms: number
  outcome: Turn['outcome']
  asks: { after: number; for: number } | null
}

/** The month. */
export type Plan = { lanes: string[]; triggers: TriggerAddInput[]; work: Work[] }

const isoOf = (ms: number): string => new Date(ms).toISOString()

const guards = (chance: Chance): Partial<TriggerAddInput> => ({
  ...(chance.is(0.25) ? { overlap: 'queue' as const } : {}),
  ...(chance.is(0.15) ? { idleOnly: true } : {}),
  ...(chance.is(0.2) ? { minIntervalSeconds: chance.one([1_900, 7_300, 20_010] as const) } : {}),
  ...(chance.is(0.15) ? { maxFires: 3 + chance.below(12) } : {}),
  ...(chance.is(0.1) ? { until: isoOf(START + (8 + chance.below(20)) * DAY + 30_000) } : {}),
})

const times = (chance: Chance): Partial<TriggerAddInput> => {
  const catchUp = chance.one(['latest', 'latest', 'skip', 'all'] as const)
  return {
    catchUp,
    ...(chance.is(0.15) ? { jitterSeconds: SMALL_JITTER } : {}),
  }
}

const laneOf = (index: number): string => `a${String(index).padStart(3, '0')}`
const sourceOf = (chance: Chance): string => `s${String(chance.below(20)).padStart(2, '0')}`

const action = (chance: Chance): 'send' | 'brief' | 'queue' =>
  chance.one(['send', 'send', 'send', 'brief', 'queue'] as const)

/** Makes it. */
export const makePlan = (chance: Chance): Plan => {
  const triggers: TriggerAddInput[] = []
  const add = (input: Omit<TriggerAddInput, 'name' | 'text'>): void => {
    const index = triggers.length
    const made = input.action === 'new'
    const text = `do ${index}`
    triggers.push({ lane: made ? undefined : laneOf(index), ...input, name: `t${index}`, text })
  }
  const common = (): Partial<TriggerAddInput> => ({ ...guards(chance), ...times(chance) })

  for (let index = 0; index < 54; index += 1) {
    const seconds = chance.one([5_400, 14_400, 21_600, 43_200, 86_400, 172_800] as const)
    add({ when: 'interval', seconds, action: action(chance), ...common() })
  }
  // Minutely for a while, late up to 20 minutes, and lanes of their own.
  for (let index = 0; index < 5; index += 1) {
    const until = isoOf(START + (index + 1) * HOUR + 30_000)
    add({ when: 'interval', seconds: 60, action: 'send', ...times(chance), until })
    const late = { catchUp: 'all', jitterSeconds: 1_200, until: isoOf(END - HOUR) } as const
    add({ when: 'interval', seconds: 14_400 + index * 3_600, action: 'brief', ...late })
    add({
      when: 'interval',
      seconds: 14_400 + index * 3_600,
      action: 'new',
      cwd: '/',
      ...times(chance),
    })
  }
  for (let index = 0; index < 60; index += 1) {
    const [cron, timezone] = [crons[index % crons.length] ?? '@daily', chance.one(zones)]
    add({ when: 'cron', cron, timezone, action: action(chance), ...common() })
  }
  for (let index = 0; index < 15; index += 1) {
    const time = isoOf(START + (1 + chance.below(30 * 24 * 60 - 2)) * MINUTE)
    add({ when: 'at', time, action: action(chance), ...times(chance) })
  }
  for (let index = 0; index < 20; index += 1) {
    const seconds = chance.one([120, 600, 3_600, 14_400] as const)
    const other = chance.is(0.4) ? { on: sourceOf(chance) } : {}
    const does = chance.one(['send', 'brief'] as const)
    add({ when: 'idle_for', seconds, action: does, ...guards(chance), ...other })
  }
  for (let index = 0; index < 22; index += 1) {
    const other = chance.is(0.6) ? { on: sourceOf(chance) } : {}
    const outcomes = chance.one([
      undefined,
      ['failed'],
      ['completed', 'failed', 'interrupted'],
    ] as const)
    const chosen = outcomes === undefined ? {} : { outcomes: [...outcomes] }
    add({ when: 'turn_completed', action: action(chance), ...guards(chance), ...other, ...chosen })
  }
  for (let index = 0; index < 10; index += 1) {
    const on = sourceOf(chance)
    add({ when: 'waiting_on_approval', action: action(chance), ...guards(chance), on })
  }
  // Two that set each other off, and two on one lane.
  const [one, other, shared] = [laneOf(900), laneOf(901), laneOf(902)]
  add({ when: 'turn_completed', action: 'send', lane: one, on: other })
  add({ when: 'turn_completed', action: 'send', lane: other, on: one })
  add({ when: 'interval', seconds: 28_800, action: 'send', lane: shared })
  add({ when: 'turn_completed', action: 'queue', lane: shared })

  const named = triggers.flatMap(({ lane, on }) => [lane, on])
  const lanes = [...new Set(named.filter((name) => name !== undefined))].toSorted()
  const work = lanes.flatMap((lane): Work[] => {
    const often = lane.startsWith('s') || lane >= laneOf(150) ? 16 : 4
    return Array.from({ length: often }, () => {
      const ms = 30_000 + chance.below(chance.is(0.3) ? 120 : 5) * MINUTE
      return {
        lane,
        at: START + chance.below(30 * 24 * 60 - 1) * MINUTE + 20_000,
        ms,
        outcome: chance.one([
          'completed',
          'completed',
          'completed',
          'failed',
          'interrupted',
        ] as const),
        asks: chance.is(0.5) ? { after: 5_000, for: ms - 10_000 } : null,
      }
    })
  })
  return { lanes, triggers, work }
}

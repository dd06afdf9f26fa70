// A hundred thousand triggers: the start of a daemon that has a thousand of them overdue, what it costs
// at rest, and how late a hundred are on disk that are due at one moment. There is no Codex, so that what
// is measured is the daemon's own: their messages are refused.
import { setTimeout as pause } from 'node:timers/promises'
import { fillRegistry } from '../floors/fixtures.ts'
import { fillTriggers, readOccurrences, type TriggerLoad } from '../floors/trigger-fixtures.ts'
import { check, connect, down, type Ground, makeShippedWorld, type Row } from '../ground.ts'
import { cpuOfThreads } from '../measure/cpu.ts'
import { type Finding, judgeExcess, judgeValue } from '../measure/finding.ts'
import type { Sample } from '../measure/pairs.ts'
import { spreadOf } from '../measure/statistics.ts'

const LOAD: TriggerLoad = { triggers: 100_000, lanes: 1_000, overdue: 1_000, soon: 100 }
const QUICK: TriggerLoad = { triggers: 2_000, lanes: 100, overdue: 100, soon: 20 }

/** From the filling to the moment at which some are due at once: the start is over by then. */
const AHEAD_MS = 60_000
const QUICK_AHEAD_MS = 6_000
const IDLE_MS = 60_000
const LOOK_MS = 20
const REST_MS = 45_000

type Round = { startMs: number; idle: { figure: Sample; floor: Sample }; lateMs: number[] }

const measureRound = async (ground: Ground): Promise<Round> => {
  const { quick } = ground.plan
  const load = quick ? QUICK : LOAD
  await using world = await makeShippedWorld(ground, { codex: null })
  fillRegistry(world, { lanes: load.lanes })
  const now = Date.now()
  const soonAt = now + (quick ? QUICK_AHEAD_MS : AHEAD_MS)
  fillTriggers(world, load, { now, soonAt })
  const occurrences = () => readOccurrences(world, load.overdue + load.soon + 1)
  const recorded = async (count: number): Promise<void> => {
    const deadline = performance.now() + IDLE_MS
    while (occurrences().length < count) {
      check(performance.now() < deadline, `${occurrences().length} occurrences of ${count}`)
      await pause(LOOK_MS)
    }
  }

  await using client = connect(world, ground.shipped.dispatchd)
  const start = performance.now()
  const { pid } = await client.api.daemon.status({})
  await recorded(load.overdue)
  const startMs = performance.now() - start
  check(Date.now() < soonAt, 'the start took longer than what was planned behind it')

  await pause(soonAt - Date.now())
  await recorded(load.overdue + load.soon)
  const late = occurrences().filter(({ scheduledAt }) => scheduledAt === soonAt)
  check(late.length === load.soon, `${late.length} at once of ${load.soon}`)

  // What became of them is written by then, and V8 has tidied up. Beside it is a daemon without triggers, in the same minute.
  await using bareWorld = await makeShippedWorld(ground, { codex: null })
  fillRegistry(bareWorld, { lanes: load.lanes })
  await using bare = connect(bareWorld, ground.shipped.dispatchd)
  const { pid: barePid } = await bare.api.daemon.status({})
  await pause(quick ? 500 : REST_MS)
  const before = [cpuOfThreads(pid), cpuOfThreads(barePid)] as const
  await pause(quick ? 1_000 : IDLE_MS)
  const sampleOf = (value: number): Sample => ({ value, cpuMs: value })
  const idle = {
    figure: sampleOf(cpuOfThreads(pid) - before[0]),
    floor: sampleOf(cpuOfThreads(barePid) - before[1]),
  }
  await down(bareWorld)
  check(occurrences().length === load.overdue + load.soon, 'something more was due')
  await down(world)
  return { startMs, idle, lateMs: late.map(({ createdAt }) => createdAt - soonAt) }
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const rounds: Round[] = []
  for (let block = 0; block < ground.plan.blocks; block += 1)
    rounds.push(await measureRound(ground))
  const load = ground.plan.quick ? QUICK : LOAD
  const many = `${load.triggers} triggers on ${load.lanes} lanes`
  const checked = `${load.overdue} and ${load.soon} occurrences in the registry, once each`
  return [
    judgeValue(
      {
        row: 'triggers-start',
        what: `start until ${load.overdue} overdue ones are on disk, ${many}`,
        unit: 'ms',
        checked,
      },
      { figure: spreadOf(rounds.map(({ startMs }) => startMs)) },
      { most: 2_000, of: 'median' },
    ),
    judgeExcess(
      {
        row: 'triggers-idle',
        what: `CPU of the daemon in a minute, ${many}; against one without triggers`,
        unit: 'ms',
        checked,
      },
      {
        figure: rounds.map(({ idle }) => idle.figure),
        floor: rounds.map(({ idle }) => idle.floor),
      },
      10,
    ),
    judgeValue(
      {
        row: 'triggers-late',
        what: `how late ${load.soon} that are due at once are taken up, ${many}`,
        unit: 'ms',
        checked,
      },
      { figure: spreadOf(rounds.flatMap(({ lateMs }) => lateMs)) },
      { most: 50, of: 'p99' },
    ),
  ]
}

/** Many triggers. */
export const triggers: Row = { name: 'triggers', run: measure }

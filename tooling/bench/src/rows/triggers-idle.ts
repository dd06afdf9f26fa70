// What a daemon costs when nothing happens: its CPU minute by minute, and its memory, with a hundred
// thousand triggers and beside it without one. Both have the real Codex.
import { setTimeout as pause } from 'node:timers/promises'
import { fillRegistry } from '../floors/fixtures.ts'
import { fillTriggers, type TriggerLoad } from '../floors/trigger-fixtures.ts'
import { check, connect, down, type Ground, makeShippedWorld, type Row } from '../ground.ts'
import { cpuOfThreads, residentMb } from '../measure/cpu.ts'
import { type Finding, judgeExcess, judgeValue } from '../measure/finding.ts'
import type { Sample } from '../measure/pairs.ts'
import { spreadOf } from '../measure/statistics.ts'

const LOAD: TriggerLoad = { triggers: 100_000, lanes: 1_000, overdue: 0, soon: 0 }
const QUICK: TriggerLoad = { ...LOAD, triggers: 2_000, lanes: 100 }

/** What begins with a start is over by then. */
const REST_MS = 45_000
/** Once after it has worked V8 tidies up, by itself: in one of the first four minutes. */
const MINUTES = 6

const measure = async (ground: Ground): Promise<Finding[]> => {
  const { quick } = ground.plan
  const load = quick ? QUICK : LOAD
  await using world = await makeShippedWorld(ground)
  await using bareWorld = await makeShippedWorld(ground)
  for (const each of [world, bareWorld]) fillRegistry(each, { lanes: load.lanes })
  fillTriggers(world, load, { now: Date.now(), moments: [] })
  const pidOf = async (each: typeof world): Promise<number> => {
    await using client = connect(each, ground.shipped.dispatchd)
    const { pid, lanes } = await client.api.daemon.status({})
    check(lanes.total === load.lanes, `${lanes.total} lanes`)
    return pid
  }
  const pids = [await pidOf(world), await pidOf(bareWorld)] as const
  await pause(quick ? 500 : REST_MS)
  const minutes: [number, number][] = []
  for (let minute = 0; minute < (quick ? 1 : MINUTES); minute += 1) {
    const before = [cpuOfThreads(pids[0]), cpuOfThreads(pids[1])] as const
    await pause(quick ? 1_000 : 60_000)
    minutes.push([cpuOfThreads(pids[0]) - before[0], cpuOfThreads(pids[1]) - before[1]])
  }
  const memory = [residentMb(pids[0]), residentMb(pids[1])] as const
  const inMinutes = (side: 0 | 1): Sample[] =>
    minutes.map((minute) => ({ value: minute[side], cpuMs: minute[side] }))
  const valuesOf = (side: 0 | 1): number[] => minutes.map((minute) => minute[side])
  const told = (side: 0 | 1): string =>
    `minute by minute: ${valuesOf(side)
      .map((ms) => ms.toFixed(1))
      .join(', ')}`
  await down(bareWorld)
  await down(world)
  const many = `${load.triggers} triggers on ${load.lanes} lanes`
  const bar = { most: 10, of: 'median' } as const
  return [
    judgeValue(
      {
        row: 'triggers-idle',
        what: `CPU of the daemon in a minute at rest, ${many}`,
        unit: 'ms',
        checked: told(0),
      },
      { figure: spreadOf(valuesOf(0)), floor: spreadOf(valuesOf(1)) },
      bar,
    ),
    judgeValue(
      {
        row: 'idle',
        what: `the same without a trigger, ${load.lanes} lanes`,
        unit: 'ms',
        checked: told(1),
      },
      { figure: spreadOf(valuesOf(1)) },
      bar,
    ),
    judgeExcess(
      {
        row: 'triggers-idle-more',
        what: 'what the triggers add to a minute at rest',
        unit: 'ms',
        checked: 'the medians of both are of the same minutes',
      },
      { figure: inMinutes(0), floor: inMinutes(1) },
      1,
    ),
    judgeValue(
      {
        row: 'triggers-memory',
        what: `resident memory of the daemon at rest, ${many}; against none`,
        unit: 'MB',
        checked: `${load.lanes} lanes in its status`,
      },
      { figure: spreadOf([memory[0]]), floor: spreadOf([memory[1]]) },
      { most: 110, of: 'median' },
    ),
  ]
}

/** A daemon at rest. */
export const triggersIdle: Row = { name: 'triggers-idle', run: measure }

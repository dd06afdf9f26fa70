// The memory that the daemon holds when nothing happens, by what its registry holds, in a home that was used
// before: the first two starts of a version take 20 MB more, because nothing of it is compiled yet.
import { setTimeout as pause } from 'node:timers/promises'
import { fillRegistry } from '../floors/fixtures.ts'
import { check, connect, type Ground, makeShippedWorld, type Row, up, useHome } from '../ground.ts'
import { residentMb } from '../measure/cpu.ts'
import { type Finding, judgeValue } from '../measure/finding.ts'
import { spreadOf } from '../measure/statistics.ts'

const IDLE_MS = 5_000

type Size = { lanes: number; events: number }

const SIZES: readonly Size[] = [
  { lanes: 100, events: 0 },
  { lanes: 10_000, events: 0 },
]

/** A million events apart. */
const GROWN: readonly [Size, Size] = [
  { lanes: 100, events: 100_000 },
  { lanes: 100, events: 1_100_000 },
]
const QUICK_GROWN: typeof GROWN = [
  { lanes: 100, events: 1_000 },
  { lanes: 100, events: 2_000 },
]

const restingMb = async (ground: Ground, size: Size): Promise<number> => {
  await using world = await makeShippedWorld(ground)
  fillRegistry(world, size)
  await useHome(world)
  await up(world)
  await using client = connect(world)
  const { pid, lanes, lastCursor } = await client.api.daemon.status({})
  check(lanes.total === size.lanes, `${lanes.total} lanes of ${size.lanes}`)
  const events = Number(lastCursor.split('.').at(-1))
  check(events >= size.events, `${events} events of ${size.events}`)
  await pause(ground.plan.quick ? 100 : IDLE_MS)
  return residentMb(pid)
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const sizes: number[][] = SIZES.map(() => [])
  const growth: number[] = []
  const [few, many] = ground.plan.quick ? QUICK_GROWN : GROWN
  for (let block = 0; block < ground.plan.blocks; block += 1) {
    for (const [index, size] of SIZES.entries()) sizes[index]?.push(await restingMb(ground, size))
    const before = await restingMb(ground, few)
    growth.push((await restingMb(ground, many)) - before)
  }
  const resting = SIZES.map(({ lanes }, index) =>
    judgeValue(
      {
        row: `memory-${lanes}`,
        what: `resident memory of the daemon, idle, in a used home, ${lanes} lanes`,
        unit: 'MB',
        checked: `${lanes} lanes in its status`,
      },
      { figure: spreadOf(sizes[index] ?? []) },
      { most: 110, of: 'median' },
    ),
  )
  const grown = judgeValue(
    {
      row: 'memory-events',
      what: `growth of it from ${few.events} to ${many.events} events`,
      unit: 'MB',
      checked: 'its last cursor is beyond them',
    },
    { figure: spreadOf(growth) },
    { most: 10, of: 'median' },
  )
  return [...resting, grown]
}

/** At rest. */
export const memory: Row = { name: 'memory', run: measure }

// A hundred thousand triggers at work: the start of a daemon that has a thousand of them overdue, how
// late a hundred are on disk that are due at one moment, and what others who ask the daemon notice of
// both. There is no Codex, so that what is measured is the daemon's own: their messages are refused.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import type { DispatchClient } from '@dispatch/client'
import { fillRegistry } from '../floors/fixtures.ts'
import { fillTriggers, type TriggerLoad, viewOccurrences } from '../floors/trigger-fixtures.ts'
import { check, connect, down, type Ground, makeShippedWorld, type Row } from '../ground.ts'
import { type Finding, judgeValue } from '../measure/finding.ts'
import { timeNode } from '../measure/spawn.ts'
import { spreadOf } from '../measure/statistics.ts'

const LOAD: TriggerLoad = { triggers: 100_000, lanes: 1_000, overdue: 1_000, soon: 100 }
const QUICK: TriggerLoad = { triggers: 2_000, lanes: 100, overdue: 100, soon: 20 }

/** From the filling to the first moment at which some are due at once: the start is over by then. */
const AHEAD_MS = 75_000
const QUICK_AHEAD_MS = 6_000
const MOMENTS = 5
/** Between two moments the floor has one of its own. */
const APART_MS = 4_000
const LIMIT_MS = 60_000
const LOOK_MS = 1
const CALLS = 40
const CALL_EVERY_MS = 5

const lateWriter = fileURLToPath(new URL('../floors/late-writer.ts', import.meta.url))

type Round = {
  startMs: number
  lateMs: number[]
  floorMs: number[]
  calls: Record<Calls, number[]>
}

type Calls = 'planning' | 'idle' | 'list' | 'next'

const timed = async (call: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await call()
  return performance.now() - start
}

// Calls one after the other until it is told to stop.
const keepCalling = (call: () => Promise<unknown>) => {
  const times: number[] = []
  let isOver = false
  const calling = async (): Promise<void> => {
    while (!isOver) {
      times.push(await timed(call))
      await pause(CALL_EVERY_MS)
    }
  }
  const ended = calling()
  return async (): Promise<number[]> => {
    isOver = true
    await ended
    return times
  }
}

const askAll = async ({ api }: DispatchClient, load: TriggerLoad) => {
  const list: number[] = []
  const next: number[] = []
  let cursor: string | null = null
  for (let number = 0; number < CALLS; number += 1) {
    const page = cursor === null ? {} : { cursor }
    list.push(
      await timed(async () => {
        const { triggers, nextCursor } = await api.trigger.list(page)
        check(triggers.length === 50 && nextCursor !== cursor, `a page of ${triggers.length}`)
        cursor = nextCursor
      }),
    )
    next.push(
      await timed(async () => {
        const { times } = await api.trigger.next({})
        check(times.length === 10, `${times.length} next ones of ${load.triggers}`)
      }),
    )
  }
  return { list, next }
}

const measureRound = async (ground: Ground): Promise<Round> => {
  const { quick } = ground.plan
  const load = quick ? QUICK : LOAD
  await using world = await makeShippedWorld(ground, { codex: null })
  await using bareWorld = await makeShippedWorld(ground, { codex: null })
  const floorHome = join(bareWorld.root, 'floor')
  fillRegistry(world, { lanes: load.lanes })
  fillRegistry(bareWorld, { lanes: load.lanes })
  fillRegistry({ ...bareWorld, home: floorHome }, { lanes: load.lanes })
  const now = Date.now()
  fillTriggers({ home: floorHome }, load, { now, moments: [] })
  const first = Date.now() + (quick ? QUICK_AHEAD_MS : AHEAD_MS)
  const moments = Array.from({ length: quick ? 1 : MOMENTS }, (_, at) => first + at * APART_MS)
  fillTriggers(world, load, { now, moments })
  const most = load.overdue + load.soon * moments.length + 1
  using view = viewOccurrences(world, most)
  const seen = async (isThere: () => boolean): Promise<void> => {
    const limit = performance.now() + LIMIT_MS
    while (!isThere()) {
      check(performance.now() < limit, `${view.count()} occurrences`)
      await pause(LOOK_MS)
    }
  }

  await using bare = connect(bareWorld, ground.shipped.dispatchd)
  await bare.api.daemon.status({})
  await using client = connect(world, ground.shipped.dispatchd)
  const start = performance.now()
  await client.api.daemon.status({})
  const callsAtStart = keepCalling(() => client.api.daemon.status({}))
  await seen(() => view.count() >= load.overdue)
  const startMs = performance.now() - start
  const planning = await callsAtStart()
  const idle: number[] = []
  // What became of them is written before the size alone is measured.
  while ((await client.api.trigger.runs({ outcome: 'planned', limit: 1 })).runs.length > 0)
    await pause(CALL_EVERY_MS)
  const asked = await askAll(client, load)
  check(Date.now() < first - APART_MS / 4, 'the start took longer than what was planned behind it')

  const floor = timeNode({
    args: [lateWriter, join(floorHome, 'registry.db'), String(load.soon)].concat(
      moments.map((moment) => String(moment + APART_MS / 2)),
    ),
    env: world.env,
    cwd: world.work,
  })
  const lateMs: number[] = []
  for (const moment of moments) {
    await pause(moment - Date.now() - APART_MS / 8)
    const stops = [client, bare].map(({ api }) => keepCalling(() => api.daemon.status({})))
    await seen(() => view.since(moment) > 0)
    const late = Date.now() - moment
    check(view.since(moment) === load.soon, `${view.since(moment)} at once of ${load.soon}`)
    lateMs.push(...Array.from({ length: load.soon }, () => late))
    await pause(APART_MS / 4)
    const [busy, quiet] = await Promise.all(stops.map((stop) => stop()))
    planning.push(...(busy ?? []))
    idle.push(...(quiet ?? []))
  }
  const floorMs = JSON.parse((await floor).stdout) as number[]
  check(view.count() === most - 1, `${view.count()} occurrences of ${most - 1}`)
  await down(bareWorld)
  await down(world)
  return { startMs, lateMs, floorMs, calls: { planning, idle, ...asked } }
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const rounds: Round[] = []
  for (let block = 0; block < ground.plan.blocks; block += 1)
    rounds.push(await measureRound(ground))
  const load = ground.plan.quick ? QUICK : LOAD
  const many = `${load.triggers} triggers on ${load.lanes} lanes`
  const checked = 'each occurrence in the registry, once'
  const callsOf = (name: Calls): number[] => rounds.flatMap(({ calls }) => calls[name])
  const spread = (name: Calls) => spreadOf(callsOf(name))
  const floor = spreadOf(rounds.flatMap(({ floorMs }) => floorMs))
  const quickCall = { most: 25, of: 'p99' } as const
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
    judgeValue(
      {
        row: 'triggers-late',
        what: `how late ${load.soon} that are due at once are committed, ${many}; against a timer and as many rows`,
        unit: 'ms',
        checked: `each on disk, once; the floor has a p99 of ${floor.p99.toFixed(0)} ms`,
      },
      {
        figure: spreadOf(rounds.flatMap(({ lateMs }) => lateMs)),
        floor,
      },
      { most: 50, of: 'p99' },
    ),
    judgeValue(
      {
        row: 'triggers-calls',
        what: 'daemon status while they are planned and acted on; against a daemon without triggers',
        unit: 'ms',
        checked: `the longest of ${callsOf('planning').length} took ${Math.max(...callsOf('planning')).toFixed(0)} ms, without triggers ${Math.max(...callsOf('idle')).toFixed(0)} ms`,
      },
      { figure: spread('planning'), floor: spread('idle') },
      quickCall,
    ),
    judgeValue(
      {
        row: 'triggers-list',
        what: `trigger list, page after page, ${many}`,
        unit: 'ms',
        checked: '50 on a page',
      },
      { figure: spread('list') },
      quickCall,
    ),
    judgeValue(
      { row: 'triggers-next', what: `trigger next, ${many}`, unit: 'ms', checked: '10 times' },
      { figure: spread('next') },
      quickCall,
    ),
  ]
}

/** Many triggers. */
export const triggers: Row = { name: 'triggers', run: measure }

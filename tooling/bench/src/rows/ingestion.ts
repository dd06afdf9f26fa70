// How fast the daemon takes in what the App Server says: a fake writes floods of a hundred lanes while
// followers run. Of completed items alone, as fast as it goes, beside prepared statements that write the
// same rows; of ten deltas to an item, as a model writes them; and of those at a pace, with calls beside.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DispatchClient } from '@dispatch/client'
import { fakeCodexPath, type Flood, type Scenario } from '@dispatch/fake-app-server'
import { connectBare } from '../floors/bare-codex.ts'
import { copyRegistry } from '../floors/prepared-rows.ts'
import {
  check,
  connect,
  type Ground,
  makeLanes,
  makeShippedWorld,
  type Row,
  up,
} from '../ground.ts'
import { cpuOfThreads } from '../measure/cpu.ts'
import { type Finding, judgeRatio, judgeValue } from '../measure/finding.ts'
import type { Pairs, Sample } from '../measure/pairs.ts'
import { median, spreadOf } from '../measure/statistics.ts'

const LANES = 100
const FOLLOWERS = 4
const LINES = 11_000
const QUICK_LINES = 1_100

/** So many that 20,000 arrive, with what a flood takes to begin. */
const LINES_PER_SECOND = 22_000

type Kind = { of: 'items' | 'both'; linesPerSecond?: number }
type Named = Flood & Kind & { name: string }

const kinds: readonly Kind[] = [
  { of: 'items' },
  { of: 'both' },
  { of: 'both', linesPerSecond: LINES_PER_SECOND },
]

const itemsIn = ({ of }: Kind, lines: number): number => (of === 'items' ? lines : lines / 11)

// The kinds in turn, each flood under a name of its own, one at each `model/list`.
const floodsOf = (rounds: number, lines: number): Named[] =>
  Array.from({ length: rounds }, () => kinds)
    .flat()
    .map((kind, number) => ({ ...kind, threadIds: 'loaded', lines, name: `flood${number}` }))

/** Counts what a follower gets of each flood, once each. */
const follow = (client: DispatchClient, signal: AbortSignal) => {
  const seen = new Map<string, number>()
  let waiting: { name: string; count: number; done: () => void } | null = null
  const consume = async (): Promise<void> => {
    const types = ['item.completed'] as const
    const events = client.subscribe('watchFollow', { deltas: false, types: [...types] }, { signal })
    for await (const { data: event } of events) {
      const { turnId } = (event as { data: { turnId?: string } }).data
      const name = turnId?.split('-')[0] ?? ''
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      if (waiting?.name === name && count === waiting.count) waiting.done()
    }
  }
  return {
    ended: consume(),
    seen,
    until: (name: string, count: number) =>
      new Promise<void>((done) => {
        if ((seen.get(name) ?? 0) >= count) done()
        else waiting = { name, count, done }
      }),
  }
}

// While something is under way, calls one after the other: how long the daemon lets them wait.
const delaysUntil = async (client: DispatchClient, end: Promise<unknown>): Promise<number[]> => {
  const delays: number[] = []
  let ended = false
  const watch = end.then(() => (ended = true))
  while (!ended) {
    const start = performance.now()
    await client.api.daemon.status({})
    delays.push(performance.now() - start)
  }
  await watch
  return delays
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const { quick, blocks, pairsPerBlock } = ground.plan
  const lines = quick ? QUICK_LINES : LINES
  const rounds = blocks * pairsPerBlock
  await using world = await makeShippedWorld(ground, { codex: fakeCodexPath })
  const floods = floodsOf(rounds, lines)
  const scenario: Scenario = {
    methods: { 'model/list': floods.map((flood) => ({ do: 'flood', ...flood })) },
  }
  const file = join(world.work, 'scenario.json')
  writeFileSync(file, JSON.stringify(scenario))
  await up(world, { FAKE_CODEX_SCENARIO: file })
  await using client = connect(world)
  await makeLanes(client, LANES)
  const { codex, pid } = await client.api.daemon.status({})
  await using starter = await connectBare(codex.socket ?? '', {
    optOut: ['item/agentMessage/delta', 'item/completed'],
  })
  const ending = new AbortController()
  const clients = Array.from({ length: FOLLOWERS }, () => connect(world))
  const followers = clients.map((one) => follow(one, ending.signal))
  const areThere = async (): Promise<void> => {
    const status = await client.api.daemon.status({})
    if (status.followers < FOLLOWERS) await areThere()
  }
  await areThere()

  const items: Pairs = { figure: [], floor: [] }
  const mixed: Sample[] = []
  const paces: number[] = []
  const delays: number[] = []
  for (const flood of floods) {
    const { name } = flood
    const count = itemsIn(flood, lines)
    const arrived = Promise.all(followers.map((follower) => follower.until(name, count)))
    const cpu = cpuOfThreads(pid)
    const start = performance.now()
    await starter.request('model/list', {})
    if (flood.linesPerSecond === undefined) await arrived
    else delays.push(...(await delaysUntil(client, arrived)))
    const sample = {
      value: (lines / (performance.now() - start)) * 1000,
      cpuMs: cpuOfThreads(pid) - cpu,
    }
    if (flood.of === 'both') {
      if (flood.linesPerSecond === undefined) mixed.push(sample)
      else paces.push(sample.value)
      continue
    }
    using copy = copyRegistry(world, `${name}.db`)
    const floor = copy.rewrite(name)
    check(floor.items === count && floor.events === count, `${floor.items} items of ${count}`)
    items.figure.push(sample)
    items.floor.push(floor)
  }
  const twice = floods.filter((flood) =>
    followers.some(({ seen }) => seen.get(flood.name) !== itemsIn(flood, lines)),
  )
  check(twice.length === 0, `items of ${twice.map(({ name }) => name).join(', ')} came twice`)
  ending.abort()
  await Promise.all(followers.map(({ ended }) => ended))
  await Promise.all(clients.map((one) => one[Symbol.asyncDispose]()))
  const checked = `every item once in the registry and at ${FOLLOWERS} followers`
  return [
    judgeRatio(
      {
        row: 'ingestion',
        what: `completed items of ${LANES} lanes until all followers have them, against prepared statements with the same rows`,
        unit: '/s',
        checked,
      },
      items,
      { least: 0.6 },
    ),
    judgeValue(
      {
        row: 'ingestion-lines',
        what: 'ten deltas to an item, until all followers have the items',
        unit: '/s',
        checked,
      },
      { figure: spreadOf(mixed.map(({ value }) => value)) },
      { least: 20_000, of: 'median' },
    ),
    judgeValue(
      {
        row: 'ingestion-calls',
        what: `daemon status one after the other, while ${LINES_PER_SECOND} such lines come in a second`,
        unit: 'ms',
        checked: `each was answered; ${Math.round(median(paces))} lines came in a second`,
      },
      { figure: spreadOf(delays) },
      { most: 15, of: 'p99' },
    ),
  ]
}

/** What comes in. */
export const ingestion: Row = { name: 'ingestion', run: measure }

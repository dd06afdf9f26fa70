// Reads over a warm connection at ten thousand lanes and a million events, beside the same reads at a
// hundred lanes; at rest, and while the App Server writes. What the daemon holds grows, the answers do not.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DispatchClient } from '@dispatch/client'
import { fakeCodexPath, type Scenario } from '@dispatch/fake-app-server'
import { fillRegistry, fillQueue, threadIdOf } from '../floors/fixtures.ts'
import { connectBare } from '../floors/bare-codex.ts'
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
import { measurePairs, type Sample } from '../measure/pairs.ts'
import { median, spreadOf } from '../measure/statistics.ts'

const SMALL = { lanes: 100, events: 10_000 }
const LARGE = { lanes: 10_000, events: 1_000_000 }
const QUICK = { lanes: 1_000, events: 20_000 }
const CALLS = 100
const WAITING = 50
const LANES_AT_WORK = 20
const LINES_PER_SECOND = 3_000

type Read = { name: string; call: (client: DispatchClient) => Promise<unknown[]>; rows: number }

const reads: Read[] = [
  { name: 'list', rows: 50, call: async (client) => (await client.api.list({ limit: 50 })).lanes },
  { name: 'get', rows: 1, call: async (client) => [await client.api.get({ lane: threadIdOf(7) })] },
  {
    name: 'queue-list',
    rows: WAITING,
    call: async (client) => {
      const { messages } = await client.api.queue.list({ lane: threadIdOf(7), limit: WAITING })
      return messages
    },
  },
]

const timesOf = async (client: DispatchClient, read: Read): Promise<number[]> => {
  const times: number[] = []
  for (let number = 0; number < CALLS; number += 1) {
    const start = performance.now()
    const rows = await read.call(client)
    times.push(performance.now() - start)
    check(rows.length === read.rows, `${read.name}: ${rows.length} rows of ${read.rows}`)
  }
  return times
}

const openWorld = async (ground: Ground, size: typeof SMALL, env: Record<string, string> = {}) => {
  await using stack = new AsyncDisposableStack()
  const codex = 'FAKE_CODEX_SCENARIO' in env ? fakeCodexPath : null
  const world = stack.use(await makeShippedWorld(ground, { codex }))
  fillRegistry(world, size)
  fillQueue(world, 7, WAITING)
  await up(world, env)
  const client = stack.use(connect(world))
  const { pid, lanes } = await client.api.daemon.status({})
  check(lanes.total === size.lanes, `${lanes.total} lanes of ${size.lanes}`)
  const owned = stack.move()
  return { world, client, pid, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const atRest = async (ground: Ground, large: typeof LARGE): Promise<Finding[]> => {
  await using few = await openWorld(ground, SMALL)
  await using many = await openWorld(ground, large)
  const findings: Finding[] = []
  for (const read of reads) {
    const all: number[] = []
    const sample = async (of: typeof few, kept?: number[]): Promise<Sample> => {
      const before = cpuOfThreads(of.pid)
      const times = await timesOf(of.client, read)
      kept?.push(...times)
      return { value: median(times), cpuMs: cpuOfThreads(of.pid) - before }
    }
    const pairs = await measurePairs(ground.plan, {
      figure: () => sample(many, all),
      floor: () => sample(few),
    })
    const checked = `${read.rows} rows in each answer`
    const at = `at ${large.lanes} lanes and ${large.events} events`
    findings.push(
      judgeRatio(
        {
          row: `reads-${read.name}`,
          what: `${read.name} ${at}, p50, against ${SMALL.lanes} lanes`,
          unit: 'ms',
          checked,
        },
        pairs,
        { most: 1.3 },
      ),
      judgeValue(
        { row: `reads-${read.name}-p99`, what: `${read.name} ${at}, at rest`, unit: 'ms', checked },
        { figure: spreadOf(all) },
        { most: 10, of: 'p99' },
      ),
    )
  }
  return findings
}

// A fake App Server writes lines of twenty lanes of its own at the pace, for as long as is measured.
const atWork = async (ground: Ground, large: typeof LARGE): Promise<Finding[]> => {
  await using base = await makeShippedWorld(ground, { codex: null })
  const lines = LINES_PER_SECOND * (ground.plan.quick ? 2 : 60)
  const flood = { threadIds: 'loaded', lines, linesPerSecond: LINES_PER_SECOND } as const
  const scenario: Scenario = { methods: { 'model/list': [{ do: 'flood', ...flood }] } }
  const file = join(base.work, 'scenario.json')
  writeFileSync(file, JSON.stringify(scenario))
  await using many = await openWorld(ground, large, { FAKE_CODEX_SCENARIO: file })
  await makeLanes(many.client, LANES_AT_WORK)
  const { codex } = await many.client.api.daemon.status({})
  await using starter = await connectBare(codex.socket ?? '', {
    optOut: ['item/agentMessage/delta', 'item/completed'],
  })
  const seen = async (): Promise<number> => {
    const { lastCursor } = await many.client.api.daemon.status({})
    return Number(lastCursor.split('.').at(-1))
  }
  const before = await seen()
  await starter.request('model/list', {})
  const findings: Finding[] = []
  for (const read of reads) {
    const times: number[] = []
    for (let block = 0; block < (ground.plan.quick ? 1 : 5); block += 1)
      times.push(...(await timesOf(many.client, read)))
    findings.push(
      judgeValue(
        {
          row: `reads-${read.name}-busy`,
          what: `${read.name} at ${large.lanes} lanes during ${LINES_PER_SECOND} lines/s`,
          unit: 'ms',
          checked: `${read.rows} rows in each answer`,
        },
        { figure: spreadOf(times) },
        { most: 25, of: 'p99' },
      ),
    )
  }
  check((await seen()) > before, 'no event came meanwhile')
  return findings
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const large = ground.plan.quick ? QUICK : LARGE
  return [...(await atRest(ground, large)), ...(await atWork(ground, large))]
}

/** Reads at size. */
export const readsAtSize: Row = { name: 'reads', run: measure }

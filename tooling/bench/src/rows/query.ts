// The full-text index: how fast rollout files are indexed in the background and what calls of the daemon
// take meanwhile, then how long questions take. There is no floor: Codex finds only what it wrote itself,
// and to have it write 200,000 items takes hours.
import { setTimeout as pause } from 'node:timers/promises'
import type { DispatchClient } from '@dispatch/client'
import { fillRegistry } from '../floors/fixtures.ts'
import { RARE_EVERY, type RolloutLoad, writeRollouts } from '../floors/rollout-fixtures.ts'
import { check, connect, down, type Ground, makeShippedWorld, type Row, up } from '../ground.ts'
import { cpuOfProcess, cpuOfThreads } from '../measure/cpu.ts'
import { type Finding, judgeValue } from '../measure/finding.ts'
import { quantile, spreadOf } from '../measure/statistics.ts'

const LOAD: RolloutLoad = { lanes: 20, turns: 50, outputs: 200 }
const QUICK: RolloutLoad = { lanes: 4, turns: 5, outputs: 100 }

const CALL_EVERY_MS = 5
const RESTS = 1_000

type Asked = Parameters<DispatchClient['api']['query']>[0]

/** The kinds of the promise, some of each; whether every one finds something is checked. */
const kinds: Record<string, readonly Asked[]> = {
  rare: [{ text: 'needle' }, { text: 'needle', lanes: ['@lane-0'] }],
  common: [{ text: 'the' }, { text: 'output' }, { text: 'build' }, { text: 'w0ing' }],
  'two words': [{ text: 'the build' }, { text: 'output test' }, { text: '"the output of build"' }],
  prefix: [{ text: 'w1*' }, { text: 'w1a*' }, { text: 'buil*' }, { text: 'th* outp*' }],
  'filter only': [
    { errored: true },
    { lanes: ['@lane-0'] },
    { types: ['commandExecution'] },
    { tool: 'shell', since: '2026-01-01', until: '2026-01-01' },
  ],
}

const set = Object.values(kinds).flat()

type Indexed = {
  megabytesPerSecond: number
  megabytesPerCpuSecond: number
  callMs: number[]
  restMs: number[]
}

const index = async (
  client: DispatchClient,
  load: RolloutLoad,
  bytes: number,
): Promise<Indexed> => {
  const { api } = client
  const { pid } = await api.daemon.status({})
  const begun = performance.now()
  const cpu = cpuOfProcess(pid)
  for (let lane = 0; lane < load.lanes; lane += 1) {
    const { sync } = await api.sync({ lane: `@lane-${lane}`, full: true })
    check(sync.state === 'complete', `lane ${lane} is ${sync.state}`)
  }
  const items = load.lanes * load.turns * load.outputs
  const callMs: number[] = []
  const timed = async <T>(times: number[], call: () => Promise<T>): Promise<T> => {
    // As fast as they can, they would have a core for themselves.
    await pause(CALL_EVERY_MS)
    const at = performance.now()
    const answer = await call()
    times.push(performance.now() - at)
    return answer
  }
  for (;;) {
    const { index: now } = await timed(callMs, () => api.daemon.status({}))
    if (now.state === 'done') {
      check(now.items === items, `${now.items} items of ${items}`)
      break
    }
    check(now.state === 'behind', `the index is ${now.state}: ${now.error}`)
    await timed(callMs, () => api.list({ limit: 50 }))
  }
  const seconds = (performance.now() - begun) / 1_000
  const cpuSeconds = (cpuOfProcess(pid) - cpu) / 1_000
  const restMs: number[] = []
  for (let call = 0; call < RESTS; call += 1) {
    await timed(restMs, () => api.daemon.status({}))
    await timed(restMs, () => api.list({ limit: 50 }))
  }
  const megabytes = bytes / 1e6
  return {
    megabytesPerSecond: megabytes / seconds,
    megabytesPerCpuSecond: megabytes / cpuSeconds,
    callMs,
    restMs,
  }
}

const ask = async (client: DispatchClient, asked: Asked): Promise<number> => {
  const at = performance.now()
  const { matches } = await client.api.query(asked)
  const ms = performance.now() - at
  check(matches.length > 0, `${JSON.stringify(asked)} found nothing`)
  return ms
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const { plan } = ground
  const load = plan.quick ? QUICK : LOAD
  const items = load.lanes * load.turns * load.outputs
  const indexed: Indexed[] = []
  const passes: number[] = []
  const cpuMs: number[] = []
  const byKind = new Map(Object.keys(kinds).map((kind): [string, number[]] => [kind, []]))
  for (let block = 0; block < plan.blocks; block += 1) {
    await using world = await makeShippedWorld(ground, { codex: null })
    fillRegistry(world, { lanes: load.lanes })
    const bytes = writeRollouts(world, load)
    await up(world)
    {
      await using client = connect(world)
      indexed.push(await index(client, load, bytes))
      for (const asked of set) await ask(client, asked)
      const { pid } = await client.api.daemon.status({})
      for (let pass = 0; pass < plan.pairsPerBlock; pass += 1) {
        const times: number[] = []
        const cpu = cpuOfThreads(pid)
        for (const [kind, all] of Object.entries(kinds)) {
          for (const asked of all) {
            const ms = await ask(client, asked)
            times.push(ms)
            byKind.get(kind)?.push(ms)
          }
        }
        passes.push(quantile(times, 0.95))
        cpuMs.push((cpuOfThreads(pid) - cpu) / set.length)
      }
    }
    await down(world)
  }
  const told = [...byKind].map(([kind, ms]) => `${kind} ${quantile(ms, 0.5).toFixed(1)}`).join(', ')
  const checked = `${items} items in the index, each question found something, the rare word is in one of ${RARE_EVERY}`
  return [
    judgeValue(
      {
        row: 'query',
        what: `p95 over ${set.length} questions, ${items} items; medians in ms: ${told}`,
        unit: 'ms',
        checked,
      },
      { figure: spreadOf(passes) },
      { most: 60, of: 'median' },
    ),
    judgeValue(
      {
        row: 'query-cpu',
        what: 'CPU of the daemon a question, mean over the set, where others use the machine',
        unit: 'ms',
        checked,
      },
      { figure: spreadOf(cpuMs) },
      { most: 60, of: 'median' },
    ),
    judgeValue(
      {
        row: 'index',
        what: 'rollout files indexed in the background, from the first sync --full on',
        unit: 'MB/s',
        checked,
      },
      { figure: spreadOf(indexed.map(({ megabytesPerSecond }) => megabytesPerSecond)) },
      { least: 10, of: 'median' },
    ),
    judgeValue(
      {
        row: 'index-cpu',
        what: 'the same by the CPU of the daemon, calls and sync included, where others use the machine',
        unit: 'MB/s',
        checked,
      },
      { figure: spreadOf(indexed.map(({ megabytesPerCpuSecond }) => megabytesPerCpuSecond)) },
      { least: 10, of: 'median' },
    ),
    judgeValue(
      {
        row: 'index-calls',
        what: 'daemon status and list meanwhile, one at a time; the floor is the same afterwards',
        unit: 'ms',
        checked,
      },
      {
        figure: spreadOf(indexed.flatMap(({ callMs }) => callMs)),
        floor: spreadOf(indexed.flatMap(({ restMs }) => restMs)),
      },
      { most: 25, of: 'p99' },
    ),
  ]
}

/** The full-text index. */
export const query: Row = { name: 'query', run: measure }

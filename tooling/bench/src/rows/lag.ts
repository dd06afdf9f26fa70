// From a line of the app-server to a follower: a fake app-server writes lines at a pace, ten deltas to
// an item, and stamps each item with its time. The floor is a bare client of such a server.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DispatchClient } from '@dispatch/client'
import { fakeCodexPath, type Scenario } from '@dispatch/fake-app-server'
import type { World } from '@dispatch/e2e'
import { connectBare, startBareCodex } from '../floors/bare-codex.ts'
import {
  check,
  connect,
  type Ground,
  makeLanes,
  makeShippedWorld,
  type Row,
  up,
} from '../ground.ts'
import { type Finding, judgeValue } from '../measure/finding.ts'
import { spreadOf, sum } from '../measure/statistics.ts'

const LANES = 20
const LINES_PER_SECOND = 3_000

type Load = { lines: number; items: number }

/** The fake sends eleven lines of each lane in turn; the eleventh is an item. */
const loadOf = (seconds: number): Load => {
  const rounds = Math.floor((seconds * LINES_PER_SECOND) / LANES / 11)
  return { lines: rounds * 11 * LANES, items: rounds * LANES }
}

/** Makes the fake flood all loaded threads at the first `model/list`. */
const writeScenario = (world: World, { lines }: Load): Record<string, string> => {
  const flood = { threadIds: 'loaded', lines, linesPerSecond: LINES_PER_SECOND } as const
  const scenario: Scenario = { methods: { 'model/list': [{ do: 'flood', ...flood }] } }
  const file = join(world.work, 'scenario.json')
  writeFileSync(file, JSON.stringify(scenario))
  return { FAKE_CODEX_SCENARIO: file }
}

// The stamp has whole milliseconds, so a lag is told up to one too long.
const lagSince = (stamp: number): number => performance.timeOrigin + performance.now() - stamp

const makeReceipt = ({ items }: Load) => {
  const lags = new Map<string, number>()
  const { promise: complete, resolve } = Promise.withResolvers<void>()
  return {
    complete,
    take: (key: string, stamp: number): void => {
      check(!lags.has(key), `${key} came twice`)
      lags.set(key, lagSince(stamp))
      if (lags.size === items) resolve()
    },
    lags: () => [...lags.values()],
  }
}

const bareLags = async (ground: Ground, load: Load): Promise<number[]> => {
  await using world = await makeShippedWorld(ground, { codex: fakeCodexPath })
  const receipt = makeReceipt(load)
  await using codex = await startBareCodex({
    binary: fakeCodexPath,
    root: world.work,
    codexHome: world.codexHome,
    env: { ...world.env, ...writeScenario(world, load) },
    onNotification: ({ method, params }) => {
      if (method !== 'item/completed') return
      receipt.take(`${params.turnId}/${params.item.id}`, params.completedAtMs)
    },
  })
  for (let lane = 0; lane < LANES; lane += 1) {
    await codex.client.request('thread/start', { cwd: world.work })
  }
  await codex.client.request('model/list', {})
  await receipt.complete
  return receipt.lags()
}

type Seen = {
  type: string
  data: { id?: string; turnId?: string; completedAt?: string; text?: string }
}

const consume = async (
  client: DispatchClient,
  receipt: ReturnType<typeof makeReceipt>,
  signal: AbortSignal,
): Promise<{ deltas: number; gaps: number }> => {
  let text = 0
  let gaps = 0
  for await (const { data: event } of client.subscribe('watchFollow', {}, { signal })) {
    const { type, data } = event as Seen
    if (type === 'gap') gaps += 1
    if (type === 'item.delta') text += (data.text ?? '').replace(/[^x]/g, '').length
    if (type === 'item.completed') {
      receipt.take(`${data.turnId}/${data.id}`, Date.parse(data.completedAt ?? ''))
    }
  }
  return { deltas: text / 20, gaps }
}

// The daemon says when the subscription is there: what came before would not be sent.
const isFollowed = async (client: DispatchClient): Promise<void> => {
  const { followers } = await client.api.daemon.status({})
  if (followers === 0) await isFollowed(client)
}

type Followed = { lags: number[]; lost: number; gaps: number }

const followerLags = async (ground: Ground, load: Load): Promise<Followed> => {
  await using world = await makeShippedWorld(ground, { codex: fakeCodexPath })
  await up(world, writeScenario(world, load))
  await using client = connect(world)
  await makeLanes(client, LANES)
  const { codex } = await client.api.daemon.status({})
  await using trigger = await connectBare(codex.socket ?? '', {
    optOut: ['item/agentMessage/delta', 'item/completed'],
  })
  const receipt = makeReceipt(load)
  const ending = new AbortController()
  const following = consume(client, receipt, ending.signal)
  await isFollowed(client)
  await trigger.request('model/list', {})
  await receipt.complete
  ending.abort()
  const { deltas, gaps } = await following
  // Deltas are best effort: what a follower missed it is told as a gap.
  const lost = load.lines - load.items - deltas
  check(lost > 0 === gaps > 0, `${lost} deltas lost, ${gaps} gaps`)
  return { lags: receipt.lags(), lost, gaps }
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const load = loadOf(ground.plan.quick ? 1 : 8)
  const [follower, bare]: [Followed[], number[][]] = [[], []]
  for (let block = 0; block < ground.plan.blocks; block += 1) {
    follower.push(await followerLags(ground, load))
    bare.push(await bareLags(ground, load))
  }
  const lost = sum(follower.map((round) => round.lost))
  const gaps = sum(follower.map((round) => round.gaps))
  return [
    judgeValue(
      {
        row: 'lag',
        what: `line of the app-server to follower at ${LINES_PER_SECOND} lines/s, against a bare client`,
        unit: 'ms',
        checked: `${load.items} items a block, once each; of ${load.lines - load.items} deltas a block ${lost} were lost in all, told by ${gaps} gaps`,
      },
      { figure: spreadOf(follower.flatMap(({ lags }) => lags)), floor: spreadOf(bare.flat()) },
      { most: 20, of: 'p99' },
    ),
  ]
}

/** Delay of what is followed. */
export const lag: Row = { name: 'lag', run: measure }

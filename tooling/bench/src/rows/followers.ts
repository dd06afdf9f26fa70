// A thousand followers of one lane at 20 events a second, one of which stops reading: how late the
// others hear of an event, what of a core the daemon takes for it, and what the deaf one costs. The
// floor is a program that writes a line of that size to as many sockets at that pace.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DispatchClient } from '@dispatch/client'
import { fakeCodexPath, type Scenario } from '@dispatch/fake-app-server'
import type { World } from '@dispatch/e2e'
import { connectBare } from '../floors/bare-codex.ts'
import { fillRegistry, threadIdOf } from '../floors/fixtures.ts'
import { check, connect, type Ground, makeShippedWorld, type Row, up } from '../ground.ts'
import { cpuOfThreads } from '../measure/cpu.ts'
import { type Finding, judgeValue } from '../measure/finding.ts'
import { startServer } from '../measure/spawn.ts'
import { spreadOf } from '../measure/statistics.ts'
import { followSocket, type SocketFollower, type WireEvent } from '../socket-follower.ts'

const EVENTS_PER_SECOND = 20
/** Lanes beside the followed one: a line of each in turn, so that none is joined to another. */
const OTHERS = 500
/** Live events of 1 KiB while one is deaf: 4,096 are kept. */
const BURST = 6_000
const BURST_TEXT = 1_024
/** An event of the lane as a line, roughly; the floor writes as much. */
const LINE_BYTES = 450

type Load = { followers: number; events: number }
const LOAD: Load = { followers: 1_000, events: 200 }
const QUICK: Load = { followers: 50, events: 20 }

const fanOut = fileURLToPath(new URL('../floors/fan-out-server.ts', import.meta.url))

type Heard = { lags: number[]; core: number }

/** Followers who each expect every event, in order; when all have all of them. */
const listen = async (
  path: string,
  { count, events }: { count: number; events: number },
  read: (event: WireEvent) => { number: number; at: number },
) => {
  const stack = new DisposableStack()
  const lags: number[] = []
  const { promise: complete, resolve, reject } = Promise.withResolvers<void>()
  let finished = 0
  for (let follower = 0; follower < count; follower += 1) {
    let seen = 0
    const onEvent = (event: WireEvent): void => {
      const { number, at } = read(event)
      if (number !== seen)
        reject(new Error(`follower ${follower}: ${number} in the place of ${seen}`))
      // The stamp has whole milliseconds, so a lag is told up to one too long.
      lags.push(performance.timeOrigin + performance.now() - at)
      seen += 1
      if (seen === events) finished += 1
      if (finished === count) resolve()
    }
    // One after the other: a Unix socket refuses who comes while too many wait to be let in.
    stack.use(await followSocket(path, { lanes: [threadIdOf(0)] }, onEvent))
  }
  return { complete, lags, [Symbol.dispose]: () => stack.dispose() }
}

const readItem = ({ type, data }: WireEvent): { number: number; at: number } => {
  check(type === 'item.completed', `${type} was told to who missed nothing`)
  const number = Number(String(data?.id).split('-').at(-1))
  return { number, at: Date.parse(String(data?.completedAt)) }
}

const readFloor = ({ number, at }: WireEvent) => ({ number: Number(number), at: Number(at) })

// Of one core, in per cent.
const shareOf = (cpuMs: number, since: number): number =>
  (cpuMs / (performance.now() - since)) * 100

const bare = async (world: World, { followers, events }: Load): Promise<Heard> => {
  const path = join(world.work, 'fan.sock')
  const every = 1_000 / EVENTS_PER_SECOND
  await using server = await startServer(
    fanOut,
    [path].concat([followers - 1, events, every, LINE_BYTES].map(String)),
  )
  using heard = await listen(path, { count: followers - 1, events }, readFloor)
  const [cpu, start] = [cpuOfThreads(server.pid), performance.now()]
  await heard.complete
  return { lags: heard.lags, core: shareOf(cpuOfThreads(server.pid) - cpu, start) }
}

// First what floods the other lanes while one is deaf, then the lane that all of them follow.
const writeScenario = (world: World, { events }: Load): Record<string, string> => {
  const others = Array.from({ length: OTHERS }, (_, number) => threadIdOf(number + 1))
  const burst = { threadIds: others, lines: BURST, of: 'deltas', textLength: BURST_TEXT } as const
  const pace = { lines: events, of: 'items', linesPerSecond: EVENTS_PER_SECOND } as const
  const lane = { threadIds: [threadIdOf(0)], ...pace }
  const scenario: Scenario = {
    methods: {
      'model/list': [
        { do: 'flood', ...burst },
        { do: 'flood', ...lane },
      ],
    },
  }
  const file = join(world.work, 'scenario.json')
  writeFileSync(file, JSON.stringify(scenario))
  return { FAKE_CODEX_SCENARIO: file }
}

/** A follower of everything that stops reading at once, and what it is told when it reads again. */
const turnDeaf = async (socket: string) => {
  const gap = Promise.withResolvers<WireEvent>()
  const deaf: SocketFollower = await followSocket(socket, {}, (event) => {
    if (event.type === 'gap') gap.resolve(event)
  })
  deaf.pause()
  const before = deaf.bytes()
  return {
    hear: async (): Promise<number> => {
      deaf.resume()
      const { data } = await gap.promise
      check(data?.kind === 'live', `the deaf one was told ${JSON.stringify(data)}`)
      return (deaf.bytes() - before) / 1_024
    },
    [Symbol.dispose]: () => deaf[Symbol.dispose](),
  }
}

const socketOfCodex = async (client: DispatchClient): Promise<string> => {
  const { codex } = await client.api.daemon.status({})
  return codex.state === 'ready' && codex.socket !== null ? codex.socket : socketOfCodex(client)
}

const measureRound = async (ground: Ground, load: Load): Promise<Heard & { deafKb: number }> => {
  await using world = await makeShippedWorld(ground, { codex: fakeCodexPath })
  fillRegistry(world, { lanes: OTHERS + 1 })
  await up(world, writeScenario(world, load))
  await using client = connect(world)
  const { pid, socket } = await client.api.daemon.status({})
  await using starter = await connectBare(await socketOfCodex(client), {
    optOut: ['item/agentMessage/delta', 'item/completed'],
  })
  const flooded = Promise.withResolvers<void>()
  let text = 0
  using witness = await followSocket(socket, {}, ({ type, data }) => {
    if (type === 'item.delta') text += String(data?.text).replace(/[^x]/g, '').length
    if (text === BURST * BURST_TEXT || type === 'gap') flooded.resolve()
  })
  using deaf = await turnDeaf(socket)
  await starter.request('model/list', {})
  await flooded.promise
  witness.pause()
  using heard = await listen(socket, { count: load.followers - 1, events: load.events }, readItem)
  const { followers } = await client.api.daemon.status({})
  check(followers === load.followers + 1, `${followers} followers`)
  const [cpu, start] = [cpuOfThreads(pid), performance.now()]
  await starter.request('model/list', {})
  await heard.complete
  const core = shareOf(cpuOfThreads(pid) - cpu, start)
  return { lags: heard.lags, core, deafKb: await deaf.hear() }
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const load = ground.plan.quick ? QUICK : LOAD
  const [rounds, floors]: [Awaited<ReturnType<typeof measureRound>>[], Heard[]] = [[], []]
  for (let block = 0; block < ground.plan.blocks; block += 1) {
    rounds.push(await measureRound(ground, load))
    await using world = await makeShippedWorld(ground, { codex: null })
    floors.push(await bare(world, load))
  }
  const what = `${load.followers - 1} followers of one lane at ${EVENTS_PER_SECOND} events/s, and a deaf one`
  const checked = `${load.events} events to each of them in each block, once and in order`
  const spreadAll = (samples: Heard[]) => spreadOf(samples.flatMap(({ lags }) => lags))
  const floor = spreadAll(floors)
  return [
    judgeValue(
      {
        row: 'followers',
        what: `line of the app-server to ${what}; against a program that writes to as many sockets`,
        unit: 'ms',
        checked: `${checked}; the floor has a p99 of ${floor.p99.toFixed(0)} ms`,
      },
      { figure: spreadAll(rounds), floor },
      { most: 100, of: 'p99' },
    ),
    judgeValue(
      { row: 'followers-cpu', what: `CPU of the daemon meanwhile`, unit: '% of a core', checked },
      {
        figure: spreadOf(rounds.map(({ core }) => core)),
        floor: spreadOf(floors.map(({ core }) => core)),
      },
      { most: 25, of: 'median' },
    ),
    judgeValue(
      {
        row: 'followers-deaf',
        what: `what waited for the deaf one, of ${(BURST * BURST_TEXT) / 1_024} kB that came`,
        unit: 'kB',
        checked: 'it was told a gap when it read again, the others none',
      },
      { figure: spreadOf(rounds.map(({ deafKb }) => deafKb)) },
      { most: 1_024, of: 'p99' },
    ),
  ]
}

/** Many followers. */
export const followers: Row = { name: 'followers', run: measure }

// Calls over one warm connection, through the whole daemon, beside an echo of the same objects.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectEcho } from '../floors/echo-client.ts'
import { fillRegistry } from '../floors/fixtures.ts'
import { check, connect, type Ground, makeShippedWorld, type Row, up } from '../ground.ts'
import { keepAwake } from '../measure/awake.ts'
import { cpuOfBench, cpuOfThreads } from '../measure/cpu.ts'
import { type Finding, judgeRatio } from '../measure/finding.ts'
import { measurePairs, type Pairs, type Plan, type Sample } from '../measure/pairs.ts'
import { startServer } from '../measure/spawn.ts'
import { median } from '../measure/statistics.ts'

/** Before anything is measured, of figure and floor alike: by then V8 has compiled what a call goes through. */
const WARM = { calls: 20_000, quick: 300 }
const SEQUENTIAL = 300
const MANY = 4_000
const IN_FLIGHT = 64

type Call = () => Promise<unknown>

const echoServer = fileURLToPath(new URL('../floors/echo-server.ts', import.meta.url))

// The CPU of both ends; each side of a pair has its own server and this process as its client.
const withCpu = async (serverPid: number, value: () => Promise<number>): Promise<Sample> => {
  const before = cpuOfThreads(serverPid) + cpuOfBench()
  const found = await value()
  return { value: found, cpuMs: cpuOfThreads(serverPid) + cpuOfBench() - before }
}

const latency = async (call: Call): Promise<number> => {
  const times: number[] = []
  for (let number = 0; number < SEQUENTIAL; number += 1) {
    const start = performance.now()
    await call()
    times.push(performance.now() - start)
  }
  return median(times) * 1000
}

const warm = async ({ quick }: Plan, call: Call): Promise<void> => {
  for (let left = quick ? WARM.quick : WARM.calls; left > 0; left -= 1) await call()
}

const rate = async (call: Call, isAnswer: (answer: unknown) => boolean): Promise<number> => {
  let begun = 0
  let answered = 0
  const work = async (): Promise<void> => {
    while (begun < MANY) {
      begun += 1
      if (isAnswer(await call())) answered += 1
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, work))
  check(answered === MANY, `${answered} answers of ${MANY}`)
  return (MANY / (performance.now() - start)) * 1000
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  const { plan } = ground
  await using world = await makeShippedWorld(ground)
  fillRegistry(world, { lanes: 100 })
  await up(world)
  await using client = connect(world)
  const status = () => client.call('daemon.status', 'query', {})
  const answer = (await status()) as { pid: number; lanes: { total: number } }
  check(answer.lanes.total === 100, `${answer.lanes.total} lanes`)

  const path = join(world.work, 'echo.sock')
  await using server = await startServer(echoServer, [path])
  using echo = await connectEcho(path, answer)
  const request = { method: 'query', params: { path: 'daemon.status', input: {} } }
  const floor = () => echo.call(request)
  const isAnswer = (found: unknown) => (found as typeof answer).lanes.total === 100

  const measureOneAtATime = async (): Promise<Pairs> => {
    using _awake = keepAwake()
    await warm(plan, status)
    await warm(plan, floor)
    return await measurePairs(plan, {
      figure: () => withCpu(answer.pid, () => latency(status)),
      floor: () => withCpu(server.pid, () => latency(floor)),
    })
  }

  const one = await measureOneAtATime()
  const many = await measurePairs(plan, {
    figure: () => withCpu(answer.pid, () => rate(status, isAnswer)),
    floor: () => withCpu(server.pid, () => rate(floor, isAnswer)),
  })
  return [
    judgeRatio(
      {
        row: 'status-warm',
        what: 'daemon status, warm, one at a time, processors awake, p50, against a JSON-lines echo',
        unit: 'us',
        checked: `${SEQUENTIAL} answers a sample, the echo gives the same object`,
      },
      one,
      { most: 2.5 },
    ),
    judgeRatio(
      {
        row: 'status-64',
        what: `daemon status, ${IN_FLIGHT} in flight, against the same echo`,
        unit: '/s',
        checked: `${MANY} answers a sample, each with its 100 lanes`,
      },
      many,
      { least: 0.2 },
    ),
  ]
}

/** Latency and rate of queries. */
export const calls: Row = { name: 'calls', run: measure }

// A subscription to many small events beside a raw stream of the bytes that it is made of.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fillRegistry, SMALL_EVENT } from '../floors/fixtures.ts'
import { makeLines } from '../floors/lines.ts'
import { check, connect, type Ground, makeShippedWorld, type Row, up } from '../ground.ts'
import { cpuOfBench, cpuOfThreads } from '../measure/cpu.ts'
import { type Finding, judgeValue } from '../measure/finding.ts'
import { measurePairs, type Sample, valuesOf } from '../measure/pairs.ts'
import { startServer } from '../measure/spawn.ts'
import { spreadOf } from '../measure/statistics.ts'

const EVENTS = 20_000

const bytesServer = fileURLToPath(new URL('../floors/bytes-server.ts', import.meta.url))

type SmallEvent = { type: string; data: Record<string, unknown> }

const follow = { after: '0', deltas: false, types: [SMALL_EVENT.type] }

/** The bytes of the whole subscription, as they come over the control socket. */
const record = async (socketPath: string, cwd: string): Promise<string> => {
  const socket = createConnection(socketPath)
  const hello = { wire: 1, version: '0', contract: '', caller: 'client', cwd, zone: 'UTC' }
  const params = { path: 'watchFollow', input: follow }
  socket.write(`${JSON.stringify({ hello })}\n`)
  socket.write(`${JSON.stringify({ id: 1, method: 'subscription', params })}\n`)
  const lines: string[] = []
  await new Promise<void>((resolve) => {
    const read = makeLines((line) => {
      if (line.includes(`"${SMALL_EVENT.type}"`)) lines.push(line)
      if (lines.length === EVENTS) resolve()
    })
    socket.on('data', read)
  })
  socket.destroy()
  return `${lines.join('\n')}\n`
}

const timed = async (serverPid: number, work: () => Promise<void>): Promise<Sample> => {
  const before = cpuOfThreads(serverPid) + cpuOfBench()
  const start = performance.now()
  await work()
  const value = (EVENTS / (performance.now() - start)) * 1000
  return { value, cpuMs: cpuOfThreads(serverPid) + cpuOfBench() - before }
}

const receive = async (path: string, bytes: number): Promise<void> => {
  const socket = createConnection(path)
  let received = 0
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received >= bytes) socket.destroy()
  })
  socket.write('go\n')
  await once(socket, 'close')
  check(received === bytes, `${received} bytes of ${bytes}`)
}

const measure = async (ground: Ground): Promise<Finding[]> => {
  await using world = await makeShippedWorld(ground)
  fillRegistry(world, { lanes: 100, events: EVENTS })
  await up(world)
  await using client = connect(world)
  const { pid, socket } = await client.api.daemon.status({})

  const file = join(world.work, 'events.jsonl')
  const text = await record(socket, world.work)
  writeFileSync(file, text)
  const bytes = Buffer.byteLength(text)
  const path = join(world.work, 'bytes.sock')
  await using server = await startServer(bytesServer, [path, file])

  const consume = async (): Promise<void> => {
    let next = 0
    for await (const { data } of client.subscribe('watchFollow', follow)) {
      const { data: fields } = data as SmallEvent
      check(fields[SMALL_EVENT.field] === next, `event ${next} is ${JSON.stringify(data)}`)
      next += 1
      if (next === EVENTS) break
    }
  }
  const pairs = await measurePairs(ground.plan, {
    figure: () => timed(pid, consume),
    floor: () => timed(server.pid, () => receive(path, bytes)),
  })
  const what = `a subscription, ${EVENTS} stored events of ${Math.round(bytes / EVENTS)} bytes`
  return [
    judgeValue(
      {
        row: 'subscription',
        what: `${what}, against a raw stream of its bytes`,
        unit: '/s',
        checked: `every event once and in order; ${bytes} bytes of the floor`,
      },
      { figure: spreadOf(valuesOf(pairs.figure)), pairs },
      { least: 50_000, of: 'median' },
    ),
  ]
}

/** Events to a follower. */
export const subscription: Row = { name: 'subscription', run: measure }

// Whatever comes on the control socket, each line that is no call gets its error, the daemon lives, and
// what it keeps of all that is bounded.
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type HostileLines, makeHostileLines } from '../../src/hostile-lines.ts'
import { type Memory, startInspected } from '../../src/inspected.ts'
import { makeWorld, type World } from '../../src/world.ts'

const LINES = 100_000
const CONNECTION_LINES = 2_500
const MIB = 1024 * 1024
const LAST = 999_999_999

const hello = {
  wire: 1,
  version: '0.0.0',
  contract: '',
  caller: 'client',
  cwd: '/',
  zone: 'UTC',
}

const lastCall = { id: LAST, method: 'query', params: { path: 'list', input: {} } }

type Answer = { id?: unknown; error?: { data: { code: string } } }

/** A connection that says hello, and hands each answer on. */
const connect = async (world: World, hear: (answer: Answer) => void): Promise<Socket> => {
  const socket = createConnection(join(world.home, 'dispatchd.sock'))
  await once(socket, 'connect')
  let rest = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(JSON.parse(line) as Answer)
  })
  socket.on('error', () => undefined)
  socket.write(`${JSON.stringify({ hello })}\n`)
  return socket
}

// Blank lines say nothing, and a cancel of nothing has no answer.
const isAnswered = (line: Buffer): boolean => {
  const text = line.toString('utf8')
  return text.trim() !== '' && !text.includes('"cancel"')
}

type Tally = { sent: number; expected: number; answers: number; codes: Record<string, number> }

/** Sends so many of them, over connections that each end with a call that is answered. */
const attack = async (world: World, lines: HostileLines): Promise<Tally> => {
  const tally: Tally = { sent: 0, expected: 0, answers: 0, codes: {} }
  while (tally.sent < LINES) {
    const over = Promise.withResolvers<void>()
    const socket = await connect(world, ({ id, error }) => {
      if (id === LAST) return over.resolve()
      tally.answers += 1
      const code = error?.data.code ?? 'answered'
      tally.codes[code] = (tally.codes[code] ?? 0) + 1
    })
    for (let left = CONNECTION_LINES; left > 0; left -= 1) {
      const line = lines.next()
      tally.sent += 1
      if (isAnswered(line)) tally.expected += 1
      if (!socket.write(Buffer.concat([line, Buffer.from('\n')]))) await once(socket, 'drain')
    }
    socket.write(`${JSON.stringify(lastCall)}\n`)
    await over.promise
    socket.destroy()
  }
  return tally
}

const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`

const growth = (before: Memory, after: Memory): Memory => ({
  kept: after.kept - before.kept,
  resident: after.resident - before.resident,
})

const memoryToText = ({ kept, resident }: Memory): string =>
  `${mib(kept)} more are kept, ${mib(resident)} more resident`

test(`${LINES} hostile lines: an error each, and the daemon goes on and keeps nothing`, async () => {
  await using world = await makeWorld({ codex: null })
  await using daemon = await startInspected(world)
  const before = await daemon.memory()
  const { sent, answers, expected, codes } = await attack(world, makeHostileLines(1))
  const grown = growth(before, await daemon.memory())
  console.log(
    `${sent} hostile lines: ${answers} answers, ${JSON.stringify(codes)}; ${memoryToText(grown)}`,
  )
  expect(answers).toBeGreaterThanOrEqual(expected)
  expect(codes['internal'] ?? 0).toBe(0)
  // Some of them are calls, and are carried out.
  expect(codes['not_found']).toBeGreaterThan(0)
  expect((await world.status()).pid).toBe(daemon.pid)
  expect(grown.kept).toBeLessThanOrEqual(32 * MIB)
})

test('lines of 10 MB, that never end, or are cut: told, and nothing of them is kept', async () => {
  await using world = await makeWorld({ codex: null })
  await using daemon = await startInspected(world)
  const before = await daemon.memory()
  const chunk = Buffer.alloc(MIB, 'a')
  const endings = Array.from({ length: 10 }, (_, at) => (at % 2 ? '' : '\n'))
  for (const ending of endings) {
    const told = Promise.withResolvers<Answer>()
    const socket = await connect(world, (answer) => {
      if ('error' in answer) told.resolve(answer)
    })
    const closed = new Promise((resolve) => socket.on('close', resolve))
    for (let sent = 0; sent < 10; sent += 1) socket.write(chunk)
    socket.write(ending)
    expect(await told.promise).toMatchObject({ id: null, error: { data: { code: 'validation' } } })
    await closed
  }
  const cut = await connect(world, () => undefined)
  cut.end('{"id":1,"method":"query","params":{"path":"li')
  await new Promise((resolve) => cut.on('close', resolve))
  const grown = growth(before, await daemon.memory())
  console.log(`${endings.length} lines of 10 MB: ${memoryToText(grown)}`)
  expect((await world.status()).pid).toBe(daemon.pid)
  expect(grown.kept).toBeLessThanOrEqual(32 * MIB)
})

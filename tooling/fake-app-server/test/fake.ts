/** A fake in a home of its own and a client of it, over stdio or its socket, for these tests. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import type { Scenario } from '../src/index.ts'
import { spawnFake } from './spawn.ts'

export interface Wire {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { code: number; message: string }
}

export interface Client {
  /** All lines that came, those that are no JSON too. */
  readonly lines: string[]
  readonly messages: Wire[]
  readonly ended: Promise<unknown>
  /** Result or error; never resolves when nothing answers. */
  ask(method: string, params?: object): Promise<Wire>
  result(method: string, params?: object): Promise<Record<string, unknown>>
  waitFor(method: string, fits?: (params: Record<string, unknown>) => boolean): Promise<Wire>
  send(message: object): void
  close(): void
}

export async function makeHome(stack: AsyncDisposableStack): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'fake-codex-'))
  stack.defer(() => rm(home, { recursive: true, force: true }))
  return home
}

interface Channel {
  write(text: string): void
  close(): void
  onLine(listener: (line: string) => void): void
  ended: Promise<unknown>
}

async function makeClient(channel: Channel): Promise<Client> {
  const lines: string[] = []
  const messages: Wire[] = []
  const waiters = new Set<{ fits: (message: Wire) => boolean; found: (message: Wire) => void }>()
  channel.onLine((line) => {
    lines.push(line)
    if (!line.startsWith('{')) return
    const message = JSON.parse(line) as Wire
    messages.push(message)
    for (const waiter of waiters) if (waiter.fits(message)) waiter.found(message)
  })
  const first = (fits: (message: Wire) => boolean) => {
    const known = messages.find(fits)
    if (known) return Promise.resolve(known)
    return new Promise<Wire>((found) => waiters.add({ fits, found }))
  }
  let lastId = 0
  const send = (message: object) => channel.write(JSON.stringify(message))
  const ask = (method: string, params: object = {}) => {
    lastId += 1
    const id = lastId
    send({ id, method, params })
    return first((message) => message.id === id && message.method === undefined)
  }
  const client: Client = {
    lines,
    messages,
    ended: channel.ended,
    ask,
    send,
    close: () => channel.close(),
    async result(method, params) {
      const { result, error } = await ask(method, params)
      if (error) throw new Error(error.message)
      return result ?? {}
    },
    waitFor: (method, fits = () => true) =>
      first((message) => message.method === method && fits(message.params ?? {})),
  }
  await client.result('initialize', { clientInfo: { name: 'test', version: '1' } })
  return client
}

async function variablesFor(home: string, scenario: Scenario) {
  const file = join(home, 'scenario.json')
  await writeFile(file, JSON.stringify(scenario))
  return { CODEX_HOME: home, FAKE_CODEX_SCENARIO: file }
}

export async function makeStdioClient(
  stack: AsyncDisposableStack,
  home: string,
  scenario: Scenario = {},
) {
  const { child, ended } = spawnFake(await variablesFor(home, scenario), ['app-server'])
  stack.defer(async () => {
    child.kill()
    await ended
  })
  const input = createInterface({ input: child.stdout })
  const client = await makeClient({
    write: (text) => void child.stdin.write(`${text}\n`),
    close: () => void child.stdin.end(),
    onLine: (listener) => void input.on('line', listener),
    ended,
  })
  return { client, child, ended }
}

export async function connectSocket(stack: AsyncDisposableStack, path: string): Promise<Client> {
  const socket = new WebSocket(`ws+unix://${path}:/`, { perMessageDeflate: false })
  const ended = new Promise((resolve) => socket.once('close', resolve))
  stack.defer(() => socket.terminate())
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  return makeClient({
    write: (text) => socket.send(text),
    close: () => socket.close(),
    onLine: (listener) => void socket.on('message', (data: Buffer) => listener(data.toString())),
    ended,
  })
}

/** Resolves with the server's first words: that it listens, or why not. */
export async function makeSocketServer(
  stack: AsyncDisposableStack,
  home: string,
  scenario: Scenario = {},
) {
  const path = join(home, 'own.sock')
  const args = ['app-server', '--listen', `unix://${path}`]
  const { child, ended } = spawnFake(await variablesFor(home, scenario), args)
  stack.defer(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const [said] = (await once(child.stderr, 'data')) as [Buffer]
  return { path, child, ended, said: said.toString('utf8') }
}

export async function startLane(client: Client): Promise<string> {
  const { thread } = await client.result('thread/start', { cwd: '/w' })
  const { id: threadId } = thread as { id: string }
  await client.result('thread/name/set', { threadId, name: 'lane' })
  return threadId
}

export async function startTurn(client: Client, threadId: string, text: string): Promise<string> {
  const input = [{ type: 'text', text }]
  const clientUserMessageId = `for-${text}`
  const params = { threadId, input, clientUserMessageId }
  const { turn } = await client.result('turn/start', params)
  return (turn as { id: string }).id
}

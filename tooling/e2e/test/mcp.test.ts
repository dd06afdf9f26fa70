// `dispatch mcp` as a host has it: a child process on a pipe, with the SDK's own client, the real daemon and
// the real Codex.
import type { LaneDetail, ListResult, NewResult } from '@dispatch/contract'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { Progress } from '@modelcontextprotocol/sdk/types.js'
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

type Host = AsyncDisposable & { client: Client; transport: StdioClientTransport }

let world: World
let host: Host

const connect = async (...args: string[]): Promise<Host> => {
  const transport = new StdioClientTransport({
    command: `${world.root}/bin/dispatch`,
    args: ['mcp', ...args],
    env: world.env,
    cwd: world.work,
    stderr: 'inherit',
  })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  // What a result holds is then checked against the schema of its tool.
  await client.listTools()
  return { client, transport, [Symbol.asyncDispose]: () => client.close() }
}

beforeAll(async () => {
  world = await makeWorld()
  host = await connect()
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const call = async (tool: string, args: Record<string, unknown>): Promise<unknown> =>
  (await host.client.callTool({ name: `dispatch_${tool}`, arguments: args })).structuredContent

/** What a host is told from now on. */
const makeTold = () => {
  const seen: string[] = []
  let wake = Promise.withResolvers<void>()
  return {
    seen,
    take: (word: string): void => {
      seen.push(word)
      wake.resolve()
      wake = Promise.withResolvers<void>()
    },
    until: async (fits: (seen: readonly string[]) => boolean): Promise<void> => {
      while (!fits(seen)) await wake.promise
    },
  }
}

test('the first call starts the daemon, and the main job is done with tools alone', async () => {
  const made = (await call('thread_write', {
    op: 'new',
    name: 'a',
    text: 'reply: hello',
  })) as NewResult
  expect(made).toMatchObject({ handle: '@a', cwd: world.work, messageAccepted: true, error: null })
  expect(await call('thread_read', { op: 'wait', lanes: ['@a'] })).toMatchObject({
    met: true,
    lanes: [{ outcome: 'completed', lastMessage: 'hello' }],
  })
  const sent = { op: 'send', lane: made.ref, text: 'reply: two', wait: true }
  expect(await call('thread_write', sent)).toMatchObject({ lastMessage: 'two' })
  expect(await call('daemon_read', { op: 'log', logOp: 'send' })).toMatchObject({
    entries: [{ op: 'send', actor: 'mcp', outcome: 'ok' }],
  })
})

test('a refusal is the body of the error', async () => {
  const text = 'gate: busy\nreply: done'
  await call('thread_write', { op: 'send', lane: '@a', text })
  await world.model.waitForGate('busy')
  const refused = await host.client.callTool({
    name: 'dispatch_thread_write',
    arguments: { op: 'send', lane: '@a', text: 'hi' },
  })
  expect(refused).toMatchObject({
    isError: true,
    structuredContent: { error: { code: 'lane_busy', retryable: true } },
  })
  expect(await call('thread_read', { op: 'get', lane: '@nobody' })).toMatchObject({
    error: { code: 'not_found' },
  })
  expect(await call('thread_read', { op: 'tail', lane: '@a', limit: -1 })).toMatchObject({
    error: { code: 'validation' },
  })
  world.model.open('busy')
  await call('thread_read', { op: 'wait', lanes: ['@a'] })
})

test('what destroys needs a confirmation, and says what is lost', async () => {
  await call('thread_write', { op: 'new', name: 'lost', text: 'reply: x', wait: true })
  await call('thread_write', { op: 'queue_pause', lane: '@lost' })
  await call('thread_write', { op: 'send', lane: '@lost', text: 'later', mode: 'queue' })
  const detach = { op: 'detach', lane: '@lost' }
  expect(await call('thread_destroy', detach)).toMatchObject({
    error: { code: 'validation', details: { field: 'confirm', losses: [expect.anything()] } },
  })
  expect(await call('thread_read', { op: 'get', lane: '@lost' })).toMatchObject({ handle: '@lost' })
  expect(await call('thread_destroy', { ...detach, confirm: true })).toMatchObject({
    handle: '@lost',
  })
  expect(await call('thread_destroy', { op: 'archive', lane: '@a' })).toMatchObject({
    error: { code: 'validation' },
  })
})

test('a call that is cancelled is given up in the daemon: a run stops its turn', async () => {
  const cancelling = new AbortController()
  const running = host.client.callTool(
    {
      name: 'dispatch_thread_write',
      arguments: { op: 'run', text: 'gate: never\nreply: x', name: 'cut', keep: true },
    },
    undefined,
    { signal: cancelling.signal },
  )
  const refused = expect(running).rejects.toThrow('gone')
  await world.model.waitForGate('never')
  cancelling.abort('gone')
  await refused
  expect(await call('thread_read', { op: 'wait', lanes: ['@cut'] })).toMatchObject({
    lanes: [{ outcome: 'interrupted' }],
  })
})

test('a call that takes long says how it goes', async () => {
  const told = makeTold()
  await call('thread_write', { op: 'send', lane: '@a', text: 'gate: slow\nreply: x' })
  await world.model.waitForGate('slow')
  const waiting = host.client.callTool(
    { name: 'dispatch_thread_read', arguments: { op: 'wait', lanes: ['@a'], timeoutSeconds: 60 } },
    undefined,
    {
      onprogress: ({ progress, total, message }: Progress) => {
        expect(total).toBe(60)
        expect(progress).toBeGreaterThan(0)
        told.take(message ?? '')
      },
    },
  )
  await told.until((seen) => seen.length >= 2)
  world.model.open('slow')
  expect((await waiting).structuredContent).toMatchObject({ met: true })
  expect(told.seen[0]).toBe('wait: 1 s')
})

test('resources are listed and read, and changes of those that are watched are told', async () => {
  const told = makeTold()
  const { client } = host
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
    told.take(params.uri),
  )
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => told.take('list'))
  const { lanes } = (await call('thread_read', { op: 'list' })) as ListResult
  const { id } = lanes.find(({ handle }) => handle === '@a') as LaneDetail
  const { resources } = await client.listResources()
  const uris = resources.map(({ uri }) => uri)
  const ofLane = ['', '/transcript', '/queue', '/requests'].map(
    (part) => `dispatch://lanes/${id}${part}`,
  )
  expect(uris).toEqual(
    expect.arrayContaining(['dispatch://lanes', 'dispatch://requests', ...ofLane]),
  )
  for (const uri of uris) {
    const { contents } = await client.readResource({ uri })
    expect(contents).toMatchObject([{ uri, mimeType: 'application/json' }])
  }
  const transcript = 'dispatch://lanes/%40a/transcript'
  await client.subscribeResource({ uri: transcript })
  await call('thread_write', { op: 'send', lane: '@a', text: 'reply: watched', wait: true })
  await told.until((seen) => seen.includes(transcript))
  const { contents } = await client.readResource({ uri: transcript })
  expect(JSON.stringify(contents)).toContain('watched')
  await call('thread_write', { op: 'new', name: 'further', send: false })
  await told.until((seen) => seen.includes('list'))
  await client.unsubscribeResource({ uri: transcript })
  const queue = 'dispatch://lanes/%40a/queue'
  await client.subscribeResource({ uri: queue })
  const before = told.seen.length
  await call('thread_write', { op: 'queue_pause', lane: '@a' })
  await told.until((seen) => seen.slice(before).includes(queue))
  await call('thread_write', { op: 'queue_resume', lane: '@a' })
  await expect(client.readResource({ uri: 'dispatch://lanes/%40nobody' })).rejects.toMatchObject({
    code: -32_002,
  })
})

test('each op is a tool of its own, where that is asked for', async () => {
  await using each = await connect('--tools', 'each')
  const { structuredContent } = await each.client.callTool({
    name: 'dispatch_last',
    arguments: { lane: '@a' },
  })
  expect(structuredContent).toMatchObject({ message: 'watched' })
})

const opening = [
  {
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'pipe', version: '1' },
    },
  },
  { method: 'notifications/initialized' },
]
const lines = (messages: readonly object[]): string =>
  messages.map((one) => `${JSON.stringify({ jsonrpc: '2.0', ...one })}\n`).join('')

test('it ends with its input, and answers what was asked before', async () => {
  const requests = [
    ...opening,
    {
      id: 2,
      method: 'tools/call',
      params: { name: 'dispatch_thread_read', arguments: { op: 'list' } },
    },
  ]
  const input = lines(requests)
  const { code, stdout, stderr } = await world.dispatch(['mcp'], { input })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number })
  expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, 2]))
})

test('a signal ends it, and the turn that a call of it began', async () => {
  const run = {
    id: 2,
    method: 'tools/call',
    params: {
      name: 'dispatch_thread_write',
      arguments: { op: 'run', text: 'gate: signal\nreply: x', name: 'signalled', keep: true },
    },
  }
  const input = lines([...opening, run])
  await using running = world.follow(['mcp'], { input, keepsInput: true })
  await running.line((line) => line.includes('"id":1'))
  await world.model.waitForGate('signal')
  running.signal('SIGTERM')
  expect(await running.ended).toBe(130)
  expect(running.errors()).toBe('')
  expect(running.lines).toHaveLength(1)
  expect(await call('thread_read', { op: 'wait', lanes: ['@signalled'] })).toMatchObject({
    lanes: [{ outcome: 'interrupted' }],
  })
})

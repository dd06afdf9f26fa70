import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bounds } from '@dispatch/contract/bounds'
import { DispatchError } from '@dispatch/contract/errors'
import { expect, test, vi } from 'vitest'
import { type Clock, createDispatchClient, systemClock } from '../src/index.ts'
import { answer, makeTestHome, refusal, startFakeDaemon } from './fake-daemon.ts'

const optionsOf = (home: string) => ({ home, env: {}, cwd: '/work' })

test('hello and first call go in one write, and calls of one task in one', async () => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => peer.send(answer(call, call.params.path)),
  })
  await using client = createDispatchClient({
    ...optionsOf(home.home),
    env: { TZ: 'Europe/Berlin', CODEX_THREAD_ID: 'thread' },
    caller: 'mcp',
  })
  const answers = await Promise.all([
    client.call('list', 'query', {}),
    client.api.daemon.status({}),
    client.api.stop({ all: true }),
  ])
  expect(answers).toEqual(['list', 'daemon.status', 'stop'])
  expect(daemon.peers).toHaveLength(1)
  expect(daemon.peers[0]?.chunks).toHaveLength(1)
  expect(daemon.peers[0]?.hello).toMatchObject({
    caller: 'mcp',
    cwd: '/work',
    zone: 'Europe/Berlin',
    threadId: 'thread',
  })
  expect(daemon.asked[2]?.params.callId).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/)
})

test('a call that was given up in the queue takes no place there', async () => {
  using home = makeTestHome()
  const held: (() => void)[] = []
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => void held.push(() => peer.send(answer(call, call.params.input))),
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const call = (n: number, signal?: AbortSignal) =>
    client.call('list', 'query', n, signal ? { signal } : {})
  const first = Array.from({ length: bounds.callsInFlight }, (_, n) => call(n))
  const abort = new AbortController()
  const queued = [call(1_000, abort.signal), call(1_001, abort.signal), call(1_002)]
  const [, , last] = queued
  await vi.waitUntil(() => held.length === bounds.callsInFlight)
  abort.abort(new Error('given up'))
  await expect(Promise.allSettled(queued.slice(0, 2))).resolves.toMatchObject([
    { reason: { message: 'given up' } },
    { reason: { message: 'given up' } },
  ])
  // One answer makes room for one, and that is the one who still waits.
  held.shift()?.()
  await first[0]
  await vi.waitUntil(() => daemon.asked.length === bounds.callsInFlight + 1)
  expect(daemon.asked.at(-1)?.params.input).toBe(1_002)
  for (const reply of held) reply()
  await expect(last).resolves.toBe(1_002)
  await Promise.all(first)
})

test('what the daemon refuses is a DispatchError', async () => {
  using home = makeTestHome()
  const refused = new DispatchError('lane_busy', 'Busy.', { hint: 'wait', details: { lane: 'x' } })
  await using _ = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => peer.send(refusal(call.id, refused)),
  })
  await using client = createDispatchClient(optionsOf(home.home))
  await expect(client.api.list({})).rejects.toMatchObject({
    name: 'DispatchError',
    code: 'lane_busy',
    hint: 'wait',
    details: { lane: 'x' },
  })
})

test('a call whose connection was lost is made again once, under the same id', async () => {
  using home = makeTestHome()
  let drop = 1
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      if (drop-- > 0) peer.socket.destroy()
      else peer.send(answer(call, 'done'))
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  expect(await client.api.send({ lane: 'x', text: 'hi' })).toBe('done')
  const [first, second] = daemon.asked
  expect(first?.params.callId).toBeDefined()
  expect(second?.params.callId).toBe(first?.params.callId)
  drop = 2
  // What only reads may be asked again.
  await expect(client.api.list({})).rejects.toMatchObject({
    code: 'daemon_unreachable',
    retryable: true,
  })
  expect(daemon.asked).toHaveLength(4)
})

test('a daemon that is dying takes connections and says nothing: no loss beside the first', async () => {
  using home = makeTestHome()
  let connections = 0
  await using daemon = await startFakeDaemon(home.socket, {
    onHello: (peer) => {
      connections += 1
      // It dies under the first; the next three come to a socket that nobody serves any more.
      if (connections > 1 && connections < 5) peer.socket.destroy()
      else peer.send({ hello: { wire: 1, version: '1.0.0', contract: '', pid: 1 } })
    },
    onCall: (call, peer) => {
      if (connections === 1) peer.socket.destroy()
      else if (!peer.socket.destroyed) peer.send(answer(call, 'done'))
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  expect(await client.api.send({ lane: 'x', text: 'hi' })).toBe('done')
  expect(connections).toBe(5)
  expect(new Set(daemon.asked.map(({ params }) => params.callId)).size).toBe(1)
})

test.each([
  { op: 'send', input: { lane: '@docs', text: 'hi' }, hint: 'dispatch get @docs' },
  { op: 'new', input: { name: 'docs' }, hint: 'dispatch list' },
])(
  'a call that writes, lost twice, may have been done: $hint tells',
  async ({ op, input, hint }) => {
    using home = makeTestHome()
    await using daemon = await startFakeDaemon(home.socket, {
      onCall: (_call, peer) => peer.socket.destroy(),
    })
    await using client = createDispatchClient(optionsOf(home.home))
    const callId = '01900000-0000-7000-8000-000000000001'
    await expect(client.call(op, 'mutation', input, { callId })).rejects.toMatchObject({
      code: 'daemon_unreachable',
      message: expect.stringContaining(callId),
      hint,
      retryable: false,
      details: { reason: 'lost', callId, mayBeDone: true },
    })
    expect(daemon.asked).toHaveLength(2)
  },
)

test('a call that waits for long is made again after each loss, and after two at once no more', async () => {
  using home = makeTestHome()
  let time = 0
  // The third connection is lost as soon as it is made, like the fourth.
  const lasted = [60_000, 60_000, 0]
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (_call, peer) => {
      time += lasted.shift() ?? 0
      peer.socket.destroy()
    },
  })
  const clock: Clock = { ...systemClock, monotonic: () => time }
  await using client = createDispatchClient({ ...optionsOf(home.home), clock })
  await expect(client.api.wait({ lanes: ['@docs'] })).rejects.toMatchObject({
    code: 'daemon_unreachable',
    retryable: true,
    details: { reason: 'lost' },
  })
  expect(daemon.asked).toHaveLength(3)
})

test('a call that writes may have been done, too, where the daemon is gone after the first try', async () => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (_call, peer) => {
      rmSync(home.socket)
      peer.socket.destroy()
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const callId = '01900000-0000-7000-8000-000000000001'
  const sending = client.api.send({ lane: 'x', text: 'hi' }, { callId })
  await expect(sending).rejects.toMatchObject({
    retryable: false,
    details: { reason: 'absent', mayBeDone: true, callId },
  })
  expect(daemon.asked).toHaveLength(1)
})

test('a call that never left was surely not done', async () => {
  using home = makeTestHome()
  await using client = createDispatchClient(optionsOf(home.home))
  await expect(client.api.send({ lane: 'x', text: 'hi' })).rejects.toMatchObject({
    hint: 'dispatch up',
    retryable: true,
    details: { reason: 'absent' },
  })
})

test('a daemon that says that it ends is not called again', async () => {
  using home = makeTestHome()
  const ended = new DispatchError('daemon_unreachable', 'Shut down.', {
    details: { reason: 'ended' },
  })
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (_, peer) => {
      peer.send(refusal(null, ended))
      peer.socket.end()
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  await expect(client.api.list({})).rejects.toMatchObject({ message: 'Shut down.' })
  expect(daemon.asked).toHaveLength(1)
})

test('a call that is given up is cancelled and its slot kept until the daemon answers', async () => {
  using home = makeTestHome()
  const cancelled = Promise.withResolvers<number>()
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      if (call.method === 'cancel') cancelled.resolve(call.id)
      else if (call.params.path !== 'wait') peer.send(answer(call, 'ok'))
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const leaving = new AbortController()
  const waiting = client.api.wait({ lanes: ['x'] }, { signal: leaving.signal })
  expect(await client.api.list({})).toBe('ok')
  leaving.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  expect(await cancelled.promise).toBe(daemon.asked[0]?.id)
  await expect(client.api.list({}, { signal: leaving.signal })).rejects.toThrow('enough')
})

test('more calls than the daemon takes at once wait for their turn', async () => {
  using home = makeTestHome()
  let live = 0
  let most = 0
  await using _ = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      live += 1
      most = Math.max(most, live)
      setImmediate(() => {
        live -= 1
        peer.send(answer(call, call.params.input))
      })
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const inputs = Array.from({ length: 1_000 }, (_, n) => ({ n }))
  expect(await Promise.all(inputs.map((input) => client.call('list', 'query', input)))).toEqual(
    inputs,
  )
  expect(most).toBeLessThanOrEqual(bounds.callsInFlight)
})

test('a call that is too long is refused before it is sent, and others go on', async () => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => peer.send(answer(call, 'ok')),
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const text = 'ä'.repeat(bounds.wireLine / 2)
  await expect(client.call('send', 'mutation', { text })).rejects.toMatchObject({
    code: 'validation',
    details: { limit: bounds.wireLine },
  })
  expect(await client.api.list({})).toBe('ok')
  expect(daemon.asked).toHaveLength(1)
})

test.each([
  ['garbage', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['an answer without a hello', '{"id":1,"result":{"data":1}}\n'],
  ['JSON that is no message', 'null\n'],
])('another program on the socket is named: %s', async (_, text) => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket, { onHello: (peer) => peer.write(text) })
  await using client = createDispatchClient(optionsOf(home.home))
  await expect(client.api.list({})).rejects.toMatchObject({
    code: 'conflict',
    details: { reason: 'foreign' },
  })
  expect(daemon.peers).toHaveLength(1)
})

test('nobody listens: the error says so and what helps', async () => {
  using home = makeTestHome()
  await using client = createDispatchClient(optionsOf(home.home))
  await expect(client.api.list({})).rejects.toMatchObject({
    code: 'daemon_unreachable',
    hint: 'dispatch up',
    details: { reason: 'absent' },
  })
})

test('a daemon that takes the connection and says nothing is told by its pid', async () => {
  using home = makeTestHome()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  writeFileSync(join(home.home, 'dispatchd.pid'), `${child.pid}\n`)
  await using _ = await startFakeDaemon(home.socket, { onHello: () => undefined })
  const timers: (() => void)[] = []
  const clock: Clock = {
    ...systemClock,
    after: (_ms, run) => {
      timers.push(run)
      return () => undefined
    },
  }
  await using client = createDispatchClient({ ...optionsOf(home.home), clock })
  const calling = client.api.list({})
  await vi.waitUntil(() => timers.length === 2)
  for (const run of timers) run()
  await expect(calling).rejects.toMatchObject({
    code: 'daemon_unreachable',
    message: expect.stringContaining(`pid ${child.pid}`) as string,
    hint: expect.stringContaining(`kill -9 ${child.pid}`) as string,
    details: { reason: 'silent' },
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
})

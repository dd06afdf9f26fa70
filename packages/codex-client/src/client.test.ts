import { describe, expect, it } from 'vitest'

import { makeFakeTimers, settle } from '../test/fake-timers.ts'
import { makeMemoryServer } from '../test/memory-server.ts'
import type { Sent } from '../test/memory-server.ts'
import { connectCodex } from './client.ts'
import type { CodexClientOptions } from './client.ts'
import {
  CodexClosedError,
  CodexProtocolError,
  CodexRpcError,
  CodexTimeoutError,
  isDrainingError,
} from './errors.ts'

const HELLO = {
  userAgent: 'codex-tui/0.169.0 (Debian 12.0.0; x86_64) unknown (dispatch; 1)',
  codexHome: '/home/codex',
}

async function setUp(options: Partial<CodexClientOptions> = {}, hello: unknown = HELLO) {
  const clock = makeFakeTimers()
  const server = makeMemoryServer(({ id, method }: Sent) => {
    if (method === 'initialize') queueMicrotask(() => server.say({ id, result: hello }))
  })
  const faults: Error[] = []
  const client = await connectCodex({
    transport: server.transport,
    clientInfo: { name: 'test', title: 'Test', version: '1' },
    onFault: (fault) => faults.push(fault),
    timers: clock.timers,
    random: () => 0,
    ...options,
  })
  return { clock, server, client, faults }
}

describe('the handshake', () => {
  it('introduces the client and learns who answers', async () => {
    const { server, client, clock } = await setUp({ optOut: ['account/rateLimits/updated'] })
    expect(server.sent).toEqual([
      {
        id: 1,
        method: 'initialize',
        params: {
          clientInfo: { name: 'test', title: 'Test', version: '1' },
          capabilities: {
            experimentalApi: true,
            requestAttestation: false,
            optOutNotificationMethods: ['account/rateLimits/updated'],
          },
        },
      },
      { method: 'initialized' },
    ])
    expect(client.server).toEqual({ version: '0.169.0', ...HELLO })
    expect(clock.pending()).toEqual([])
  })

  it.each([
    ['dispatch/0.169.0 (Debian 12.0.0; x86_64) unknown (dispatch; 0.0.1)', '0.169.0'],
    ['a/b/1.2.3-alpha.4 (x)', '1.2.3-alpha.4'],
    ['nothing', undefined],
  ])('reads the version of %s', async (userAgent, version) => {
    const { client } = await setUp({}, { ...HELLO, userAgent })
    expect(client.server.version).toBe(version)
  })

  it.each([[null], [{ userAgent: 1, codexHome: '/x' }], [{ userAgent: 'x' }]])(
    'refuses the answer %j and closes the transport',
    async (hello) => {
      const server = makeMemoryServer(({ id }) => {
        queueMicrotask(() => server.say({ id, result: hello }))
      })
      const attempt = setUp({ transport: server.transport })
      await expect(attempt).rejects.toThrow(CodexProtocolError)
      expect(() => server.transport.send('{}')).toThrow(CodexClosedError)
    },
  )

  it('gives up on a server that never answers', async () => {
    const { transport } = makeMemoryServer()
    const clock = makeFakeTimers()
    const attempt = setUp({ transport, timers: clock.timers, timeoutMs: 5000 })
    const failed = expect(attempt).rejects.toMatchObject({ method: 'initialize', timeoutMs: 5000 })
    await clock.pass(5000)
    await failed
    expect(() => transport.send('{}')).toThrow(CodexClosedError)
  })
})

describe('requests', () => {
  it('time out by their own time or by the default one, and leave nothing behind', async () => {
    const { client, clock, server, faults } = await setUp()
    const slow = client.request('model/list', {})
    const quick = client.request('account/read', {}, { timeoutMs: 10 })
    const both = Promise.allSettled([slow, quick])
    await clock.pass(9)
    expect(client.stats().open).toBe(2)
    await clock.pass(1)
    expect(client.stats().open).toBe(1)
    await clock.pass(29_990)
    const [first, second] = await both
    expect(first).toMatchObject({ reason: { method: 'model/list', timeoutMs: 30_000 } })
    expect(second).toMatchObject({ reason: { method: 'account/read', timeoutMs: 10 } })
    expect(second.status === 'rejected' && second.reason).toBeInstanceOf(CodexTimeoutError)
    server.say({ id: 2, result: 'late' })
    expect(client.stats()).toMatchObject({ open: 0, waiting: 0 })
    expect(clock.pending()).toEqual([])
    expect(faults).toEqual([])
  })

  it('time out while they wait for a slot', async () => {
    const { client, clock, server } = await setUp()
    const busy = Array.from({ length: 56 }, () =>
      client.request('model/list', {}, { timeoutMs: 1e6 }),
    )
    const waiting = client.request('account/read', {}, { timeoutMs: 10 })
    const failed = expect(waiting).rejects.toThrow(CodexTimeoutError)
    await clock.pass(10)
    await failed
    expect(server.sent.some(({ method }) => method === 'account/read')).toBe(false)
    server.lose()
    for (const outcome of await Promise.allSettled(busy)) expect(outcome.status).toBe('rejected')
  })

  it('stop when their caller gives up', async () => {
    const { client, clock } = await setUp()
    const controller = new AbortController()
    const call = client.request('model/list', {}, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(clock.pending()).toEqual([])
  })

  it('let interrupt, diagnostics and resume pass a full house, and what says that it is urgent', async () => {
    const { client, server } = await setUp()
    const all = Array.from({ length: 60 }, () => client.request('model/list', {}))
    const ids = { threadId: 't', turnId: 'u' }
    all.push(client.request('turn/interrupt', ids) as never)
    all.push(client.request('server/diagnostics', {}) as never)
    all.push(client.request('thread/resume', { threadId: 't' }) as never)
    all.push(client.request('account/read', {}, { urgent: true }) as never)
    all.push(client.request('thread/resume', { threadId: 't' }, { urgent: false }) as never)
    const settled = Promise.allSettled(all)
    expect(server.sent.slice(-4).map(({ method }) => method)).toEqual([
      'turn/interrupt',
      'server/diagnostics',
      'thread/resume',
      'account/read',
    ])
    expect(client.stats()).toMatchObject({ open: 60, waiting: 5 })
    server.lose()
    await settled
  })

  it('are tried again when the server was overloaded', async () => {
    const { client, clock, server } = await setUp()
    const call = client.request('model/list', {})
    await settle()
    server.say({ id: 2, error: { code: -32001, message: 'Server overloaded; retry later.' } })
    await settle()
    await clock.pass(25)
    server.say({ id: 3, result: { data: [], nextCursor: null } })
    expect(await call).toEqual({ data: [], nextCursor: null })
    const refused = client.request('model/list', {})
    server.say({ id: 4, error: { code: -32600, message: 'no' } })
    await expect(refused).rejects.toThrow(CodexRpcError)
    expect(isDrainingError(await refused.catch((error: unknown) => error))).toBe(false)
    const draining = client.request('model/list', {})
    const data = { reason: 'serverShuttingDown' }
    server.say({ id: 5, error: { code: -32600, message: 'Server is draining', data } })
    expect(isDrainingError(await draining.catch((error: unknown) => error))).toBe(true)
  })
})

describe('what the server sends', () => {
  it('is told apart by the protocol: known, and counted when unknown', async () => {
    const known: string[] = []
    const raw: unknown[] = []
    const { client, server } = await setUp({
      onNotification: ({ method }) => known.push(method),
      onUnknownNotification: (notification) => raw.push(notification),
    })
    server.say({ method: 'warning', params: {}, emittedAtMs: 1 })
    server.say({ method: 'thread/dreamt', params: { x: 1 }, emittedAtMs: 2 })
    server.say({ method: 'toString', params: {} })
    server.say({ method: 'thread/dreamt', params: { x: 2 } })
    expect(known).toEqual(['warning'])
    expect(raw[0]).toEqual({ method: 'thread/dreamt', params: { x: 1 }, emittedAtMs: 2 })
    expect(client.stats().unknownNotifications).toEqual({ 'thread/dreamt': 2, toString: 1 })
  })

  it('does not grow without bound', async () => {
    const { client, server } = await setUp()
    for (let index = 0; index < 1000; index += 1) server.say({ method: `x${index}` })
    const counts = client.stats().unknownNotifications
    expect(Object.keys(counts)).toHaveLength(101)
    expect(counts['(others)']).toBe(900)
  })

  it('is answered by the handler of its method', async () => {
    const { server } = await setUp({
      serverRequests: {
        'item/tool/call': ({ tool }, { id }) => ({
          success: true,
          contentItems: [{ type: 'inputText', text: `${tool} ${id}` }],
        }),
      },
    })
    server.say({ id: 5, method: 'item/tool/call', params: { tool: 'lanes' } })
    server.say({ id: 6, method: 'currentTime/read', params: {} })
    server.say({ id: 7, method: 'constructor', params: {} })
    await settle()
    expect(server.sent.slice(2)).toEqual(
      expect.arrayContaining([
        {
          id: 5,
          result: { success: true, contentItems: [{ type: 'inputText', text: 'lanes 5' }] },
        },
        { id: 6, error: { code: -32601, message: expect.any(String) } },
        { id: 7, error: { code: -32601, message: expect.any(String) } },
      ]),
    )
  })

  it('needs no answer once somebody else gave it', async () => {
    const answer = Promise.withResolvers<{ decision: 'accept' }>()
    const order: string[] = []
    const { server } = await setUp({
      onNotification: ({ method }) => order.push(method),
      serverRequests: {
        'item/fileChange/requestApproval': (_params, { signal }) => {
          signal.addEventListener('abort', () => order.push('aborted'))
          return answer.promise
        },
      },
    })
    server.say({ id: 0, method: 'item/fileChange/requestApproval', params: {} })
    server.say({ method: 'serverRequest/resolved', params: { threadId: 't', requestId: 0 } })
    answer.resolve({ decision: 'accept' })
    await settle()
    expect(order).toEqual(['aborted', 'serverRequest/resolved'])
    expect(server.sent).toHaveLength(2)
  })
})

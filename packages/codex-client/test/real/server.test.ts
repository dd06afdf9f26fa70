import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { connectCodex } from '../../src/client.ts'
import type { CodexClient } from '../../src/client.ts'
import {
  CodexClosedError,
  CodexConnectError,
  CodexRpcError,
  CodexSpawnError,
  CodexTimeoutError,
  isDrainingError,
} from '../../src/errors.ts'
import { connectListening } from '../../src/listening.ts'
import { readCodexVersion, spawnSocketServer, spawnStdioServer } from '../../src/spawn.ts'
import type { CodexProcess } from '../../src/spawn.ts'
import type { Transport } from '../../src/transport.ts'
import { connectWebSocket } from '../../src/websocket.ts'
import { clientInfo, makeCodexHome } from './codex-home.ts'

type Home = Awaited<ReturnType<typeof makeCodexHome>>
type Server = { process: CodexProcess; transport: Transport }

const onFault = (fault: Error): void => {
  throw fault
}

const transports: Record<string, (home: Home) => Promise<Server>> = {
  stdio: async (home) => {
    const server = await spawnStdioServer(home.program)
    return { process: server, transport: server.transport }
  },
  websocket: async ({ program, socketPath }) => {
    const server = await spawnSocketServer({ ...program, socketPath })
    const transport = await connectListening({ socketPath, exited: server.exited })
    return { process: server, transport }
  },
}

describe.each(Object.entries(transports))('the real server over %s', (_name, start) => {
  it('serves typed requests and typed errors', { timeout: 30_000 }, async () => {
    await using home = await makeCodexHome()
    const server = await start(home)
    await using _process = server.process
    const started = Promise.withResolvers<string>()
    await using client = await connectCodex({
      transport: server.transport,
      clientInfo,
      optOut: ['account/rateLimits/updated'],
      onNotification: (notification) => {
        if (notification.method === 'thread/started') {
          started.resolve(notification.params.thread.id)
        }
      },
      onFault,
    })
    expect(client.server).toMatchObject({ version: '0.169.0', codexHome: home.root })

    const { thread } = await client.request('thread/start', { cwd: home.root })
    expect(await started.promise).toBe(thread.id)
    await client.request('thread/name/set', { threadId: thread.id, name: 'α' })
    const read = await client.request('thread/read', { threadId: thread.id, includeTurns: false })
    expect(read.thread).toMatchObject({ id: thread.id, name: 'α', status: { type: 'idle' } })
    expect((await client.request('thread/loaded/list', {})).data).toEqual([thread.id])

    const diagnostics = await client.request('server/diagnostics', {})
    expect(diagnostics.process.id).toBe(server.process.pid)

    const unknown = client.request('turn/start', {
      threadId: '00000000-0000-7000-8000-000000000000',
      input: [{ type: 'text', text: 'hi', text_elements: [] }],
    })
    await expect(unknown).rejects.toThrow(CodexRpcError)
    await expect(unknown).rejects.toMatchObject({
      method: 'turn/start',
      code: -32600,
      message: expect.stringContaining('thread not found'),
    })
    expect(client.stats()).toEqual({ open: 0, waiting: 0, unknownNotifications: {} })
  })

  it('carries 20 MiB in one message', { timeout: 30_000 }, async () => {
    await using home = await makeCodexHome()
    const server = await start(home)
    await using _process = server.process
    await using client = await connectCodex({ transport: server.transport, clientInfo, onFault })
    const { thread } = await client.request('thread/start', { cwd: home.root })
    const text = 'é'.repeat(10 * 1024 * 1024)
    const items = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }]
    expect(await client.request('thread/inject_items', { threadId: thread.id, items })).toEqual({})
  })

  it('fails what is pending when the server is killed', { timeout: 30_000 }, async () => {
    await using home = await makeCodexHome()
    const server = await start(home)
    await using _process = server.process
    await using client = await connectCodex({ transport: server.transport, clientInfo, onFault })
    const settled = Promise.allSettled(startThreads(client, home))
    process.kill(server.process.pid, 'SIGKILL')
    expect(await server.process.exited).toEqual({ code: null, signal: 'SIGKILL' })
    expect((await client.closed).kind).toBe('lost')
    const reasons = (await settled).flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    )
    expect(reasons.length).toBeGreaterThan(0)
    for (const reason of reasons) expect(reason).toBeInstanceOf(CodexClosedError)
    await expect(client.request('model/list', {})).rejects.toThrow(CodexClosedError)
  })

  it('tells what a server that shuts down refused to begin', { timeout: 30_000 }, async () => {
    await using home = await makeCodexHome()
    const server = await start(home)
    await using client = await connectCodex({ transport: server.transport, clientInfo, onFault })
    const settled = Promise.allSettled(startThreads(client, home))
    await server.process.terminate()
    for (const outcome of await settled) {
      if (outcome.status === 'fulfilled') continue
      const { reason } = outcome
      expect(reason instanceof CodexClosedError || isDrainingError(reason)).toBe(true)
    }
  })
})

function startThreads(client: CodexClient, home: Home) {
  return Array.from({ length: 20 }, () => client.request('thread/start', { cwd: home.root }))
}

// A signal to another process takes effect when that is scheduled next, thread by thread.
const untilStopped = async (pid: number): Promise<void> => {
  const isStopped = (task: string): boolean =>
    /^State:\s+T/m.test(readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8'))
  while (!readdirSync(`/proc/${pid}/task`).every(isStopped)) await pause(5)
}

describe('the real program', () => {
  it('outlives a client on a socket and serves the next', { timeout: 30_000 }, async () => {
    await using home = await makeCodexHome()
    const { socketPath, program } = home
    await using server = await spawnSocketServer({ ...program, socketPath })
    const first = await connectCodex({
      transport: await connectListening({ socketPath, exited: server.exited }),
      clientInfo,
      onFault,
    })
    const { thread } = await first.request('thread/start', { cwd: home.root })
    await first[Symbol.asyncDispose]()
    expect(await first.closed).toMatchObject({ kind: 'closed' })

    await using next = await connectCodex({
      transport: await connectWebSocket({ socketPath }),
      clientInfo,
      onFault,
    })
    expect((await next.request('thread/loaded/list', {})).data).toEqual([thread.id])
  })

  it('is asked for its version', async () => {
    await using home = await makeCodexHome()
    expect(await readCodexVersion(home.program)).toBe('0.169.0')
  })

  it('says when it ended before it listened', { timeout: 30_000 }, async () => {
    await using home = await makeCodexHome()
    const { program, socketPath } = home
    const server = await spawnSocketServer({ ...program, socketPath, codexHome: '/nonexistent' })
    const attempt = connectListening({ socketPath, exited: server.exited })
    await expect(attempt).rejects.toThrow('the server ended (1)')
  })

  it('says when there is no such program', async () => {
    await using home = await makeCodexHome()
    const binary = `${home.root}/none`
    const attempt = spawnStdioServer({ ...home.program, binary })
    await expect(attempt).rejects.toThrow(CodexSpawnError)
    await expect(attempt).rejects.toMatchObject({ binary, code: 'ENOENT' })
  })

  it('is noticed and ended when it is stopped', { timeout: 30_000 }, async () => {
    await using home = await makeCodexHome()
    const { socketPath, program } = home
    await using server = await spawnSocketServer({ ...program, socketPath })
    await using client = await connectCodex({
      transport: await connectListening({ socketPath, exited: server.exited }),
      clientInfo,
      onFault,
    })
    process.kill(server.pid, 'SIGSTOP')
    await untilStopped(server.pid)
    const ping = client.request('server/diagnostics', {}, { timeoutMs: 50 })
    await expect(ping).rejects.toThrow(CodexTimeoutError)
    await expect(connectWebSocket({ socketPath, timeoutMs: 50 })).rejects.toThrow(CodexConnectError)
    expect(await server.terminate(50)).toEqual({ code: null, signal: 'SIGKILL' })
    expect((await client.closed).kind).toBe('lost')
  })

  it('leaves no process and no socket behind', { timeout: 30_000 }, async () => {
    await using home = await makeCodexHome()
    const { socketPath, program } = home
    const server = await spawnSocketServer({ ...program, socketPath })
    await using client = await connectCodex({
      transport: await connectListening({ socketPath, exited: server.exited }),
      clientInfo,
      onFault,
    })
    expect(await server.terminate()).toEqual({ code: 0, signal: null })
    expect(await server.terminate()).toEqual({ code: 0, signal: null })
    expect((await client.closed).kind).toBe('lost')
    const refused = Promise.withResolvers<string | undefined>()
    connect(socketPath).on('error', (error: NodeJS.ErrnoException) => refused.resolve(error.code))
    expect(await refused.promise).toBe('ENOENT')
  })
})

import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { fakeClock } from '../../src/clock/fake-clock.ts'
import { makeTestDirectory, startListening } from './listening.ts'
import { connectRaw, query } from './raw-client.ts'

test('the socket is the user’s alone and is gone afterwards', async () => {
  const listening = await startListening({})
  expect(statSync(listening.path).mode & 0o777).toBe(0o600)
  await listening[Symbol.asyncDispose]()
  expect(existsSync(listening.path)).toBe(false)
})

test('a path that another program uses is a conflict and stays as it is', async () => {
  using directory = makeTestDirectory()
  const file = join(directory.path, 'file')
  writeFileSync(file, 'mine')
  await expect(startListening({}, file)).rejects.toMatchObject({ code: 'conflict' })
  const path = join(directory.path, 's.sock')
  const server = createServer().listen(path)
  await expect(startListening({}, path)).rejects.toMatchObject({ code: 'conflict' })
  expect(existsSync(path)).toBe(true)
  await new Promise((resolve) => server.close(resolve))
})

test('where its socket was removed it listens again, and connections go on', async () => {
  const list = async () => ({ lanes: [], nextCursor: null }) as never
  const listening = await startListening({ list })
  using before = await connectRaw(listening.path)
  rmSync(listening.path)
  await listening.listener.renew()
  expect(statSync(listening.path).mode & 0o777).toBe(0o600)
  using after = await connectRaw(listening.path)
  for (const client of [before, after]) {
    client.send(query(1, 'list'))
    expect(await client.next()).toMatchObject({ id: 1, result: {} })
  }
  expect(listening.listener.stats().connections).toBe(2)
  await listening[Symbol.asyncDispose]()
  expect(existsSync(listening.path)).toBe(false)
})

test('it does not take a path back that another program has, and closes as ever', async () => {
  const listening = await startListening({})
  rmSync(listening.path)
  writeFileSync(listening.path, 'of another program')
  await expect(listening.listener.renew()).rejects.toMatchObject({ code: 'conflict' })
  await listening.listener.close({ final: false })
  expect(existsSync(listening.path)).toBe(true)
  await listening[Symbol.asyncDispose]()
})

const held = () => {
  const started = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  return {
    started,
    release,
    services: {
      wait: (_input: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')))
        }),
      daemon: {
        log: async () => {
          started.resolve()
          await release.promise
          return { entries: [] }
        },
      },
    },
  }
}

test('closing waits for what runs, sends what succeeded and not what was only waiting', async () => {
  const { started, release, services } = held()
  const listening = await startListening(services)
  using client = await connectRaw(listening.path)
  client.send(query(1, 'wait', { lanes: ['x'] }), query(2, 'daemon.log'))
  await started.promise
  const closing = listening.listener.close({ final: false })
  release.resolve()
  expect(await client.next()).toMatchObject({ id: 2, result: {} })
  await expect(client.next()).rejects.toThrow('ended')
  await closing
  await listening[Symbol.asyncDispose]()
})

test('a final close tells that no daemon follows', async () => {
  await using listening = await startListening({})
  using client = await connectRaw(listening.path)
  const closing = listening.listener.close({ final: true })
  expect(await client.next()).toMatchObject({
    id: null,
    error: { data: { code: 'daemon_unreachable', details: { reason: 'ended' } } },
  })
  await closing
})

const endless = () => {
  const ended = Promise.withResolvers<void>()
  const data = { cursor: '1.1', at: '2026-01-01T00:00:00.000Z', lane: null, type: 'daemon.started' }
  async function* watchFollow(): AsyncIterable<never> {
    try {
      for (;;)
        yield { cursor: '1.1', data: { ...data, data: { text: 'x'.repeat(9_999) } } } as never
    } finally {
      ended.resolve()
    }
  }
  return { ended: ended.promise, services: { watchFollow } }
}
const follow = { id: 1, method: 'subscription', params: { path: 'watchFollow', input: {} } }

test('a follower that nobody reads ends when it is cancelled', async () => {
  const { ended, services } = endless()
  await using listening = await startListening(services)
  using deaf = await connectRaw(listening.path)
  deaf.send(follow)
  await deaf.next()
  deaf.socket.pause()
  deaf.send({ id: 1, method: 'cancel' })
  await expect(ended).resolves.toBeUndefined()
  deaf.socket.destroy()
})

test('a peer that does not read keeps nobody from closing', async () => {
  const clock = fakeClock()
  const called = Promise.withResolvers<void>()
  const { ended, services } = endless()
  const list = async () => {
    called.resolve()
    return { lanes: [], nextCursor: 'x'.repeat(5_000_000) } as never
  }
  const listening = await startListening({ ...services, list }, undefined, clock)
  using follower = await connectRaw(listening.path)
  using caller = await connectRaw(listening.path)
  follower.socket.pause()
  caller.socket.pause()
  follower.send(follow)
  caller.send(query(1, 'list'))
  await called.promise
  const closing = listening[Symbol.asyncDispose]()
  await ended
  clock.advance(3_000)
  await expect(closing).resolves.toBeUndefined()
})

test('a call that does not hear its signal keeps nobody from closing', async () => {
  const clock = fakeClock()
  const called = Promise.withResolvers<void>()
  const wait = () => {
    called.resolve()
    return new Promise<never>(() => {})
  }
  const listening = await startListening({ wait }, undefined, clock)
  using client = await connectRaw(listening.path)
  client.send(query(1, 'wait', { lanes: ['x'] }))
  await called.promise
  const closing = listening.listener.close({ final: true })
  clock.advance(2_000)
  expect(await client.next()).toMatchObject({ id: null })
  await closing
  await listening[Symbol.asyncDispose]()
})

const busyServer = `
  const { workerData, parentPort } = require('node:worker_threads')
  require('node:net').createServer().listen({ path: workerData.path, backlog: 1 }, () => {
    parentPort.postMessage('listens')
    Atomics.wait(workerData.gate, 0, 0)
  })
`

test('a server that is too busy to accept keeps its socket', async () => {
  using directory = makeTestDirectory()
  const path = join(directory.path, 's.sock')
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(busyServer, { eval: true, workerData: { path, gate } })
  await once(worker, 'message')
  const fillers = [1, 2, 3, 4].map(() => createConnection(path))
  await Promise.allSettled(fillers.map((socket) => once(socket, 'connect')))
  await expect(startListening({}, path)).rejects.toMatchObject({ code: 'conflict' })
  for (const socket of fillers) socket.destroy()
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  await worker.terminate()
})

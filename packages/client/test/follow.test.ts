import { DispatchError } from '@dispatch/contract/errors'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createDispatchClient } from '../src/index.ts'
import { answer, event, makeTestHome, refusal, startFakeDaemon } from './fake-daemon.ts'

const optionsOf = (home: string) => ({ home, env: {}, cwd: '/work' })

test('a subscription resumes by itself after the last cursor', async () => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      const after = Number(call.params.lastEventId?.slice(2) ?? 0)
      peer.send({ id: call.id, result: { type: 'started' } })
      peer.send(event(call, after + 1))
      peer.send(event(call, after + 2))
      if (after < 4) peer.socket.end()
      else peer.send({ id: call.id, result: { type: 'stopped' } })
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const cursors = []
  for await (const { cursor } of client.api.watchFollow({})) cursors.push(cursor)
  expect(cursors).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5', '1.6'])
  expect(daemon.asked.map(({ params }) => params.lastEventId)).toEqual([undefined, '1.2', '1.4'])
})

test('it outlives the daemon, also before the first event', async () => {
  using home = makeTestHome()
  const asked = Promise.withResolvers<void>()
  const first = await startFakeDaemon(home.socket, { onCall: () => asked.resolve() })
  await using client = createDispatchClient(optionsOf(home.home))
  const events = client.api.watchFollow({})
  const next = events.next()
  await asked.promise
  await first[Symbol.asyncDispose]()
  await using _ = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => peer.send(event(call, 7)),
  })
  expect((await next).value).toEqual({ cursor: '1.7', data: { n: 7 } })
  await events.return?.()
})

test('who follows learns when it has begun, before anything happens, and once', async () => {
  using home = makeTestHome()
  const begun: string[] = []
  const { promise: began, resolve: onBegan } = Promise.withResolvers<void>()
  await using _ = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      peer.send({ id: call.id, result: { type: 'data', id: '1.0', data: null } })
      void began.then(() => {
        peer.send(event(call, 1))
        peer.send({ id: call.id, result: { type: 'stopped' } })
      })
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const onBegin = (): void => {
    begun.push('begun')
    onBegan()
  }
  for await (const { cursor } of client.api.watchFollow({}, { onBegin })) begun.push(cursor ?? '')
  expect(begun).toEqual(['begun', '1.1'])
})

test('who follows learns that the daemon is gone, once, and that it is back before anything happens', async () => {
  using home = makeTestHome()
  const told: string[] = []
  const { promise: back, resolve: onReturn } = Promise.withResolvers<void>()
  const first = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      peer.send({ id: call.id, result: { type: 'started' } })
      peer.send(event(call, 1))
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const events = client.api.watchFollow(
    {},
    {
      onLost: () => told.push('lost'),
      onBack: () => {
        told.push('back')
        onReturn()
      },
    },
  )
  await events.next()
  const next = events.next()
  await first[Symbol.asyncDispose]()
  await using _ = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      peer.send({ id: call.id, result: { type: 'started' } })
      void back.then(() => peer.send(event(call, 2)))
    },
  })
  expect((await next).value).toEqual({ cursor: '1.2', data: { n: 2 } })
  expect(told).toEqual(['lost', 'back'])
  await events.return?.()
})

test('a refusal is thrown, not tried again', async () => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => peer.send(refusal(call.id, new DispatchError('not_found', 'No lane.'))),
  })
  await using client = createDispatchClient(optionsOf(home.home))
  await expect(client.api.watchFollow({}).next()).rejects.toMatchObject({ code: 'not_found' })
  expect(daemon.asked).toHaveLength(1)
})

test('the signal ends it quietly while it waits, and so does return()', async () => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket)
  await using client = createDispatchClient(optionsOf(home.home))
  const leaving = new AbortController()
  const [one, two] = [
    client.api.watchFollow({}, { signal: leaving.signal }),
    client.api.watchFollow({}),
  ]
  const waiting = [one.next(), two.next()]
  leaving.abort()
  await two.return?.()
  expect(await Promise.all(waiting)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ])
  await Promise.all(
    daemon.peers.map(async ({ socket }) => socket.destroyed || (await once(socket, 'close'))),
  )
})

test('a consumer that lags stops its socket, and calls go on beside it', async () => {
  using home = makeTestHome()
  let sent = 0
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      if (call.params.path === 'list') return peer.send(answer(call, 'ok'))
      if (call.params.path !== 'watchFollow') return
      const pump = (): void => {
        while (!peer.socket.destroyed && sent < 1_000_000) {
          peer.send(event(call, (sent += 1)))
          if (peer.socket.writableNeedDrain) return void peer.socket.once('drain', pump)
        }
      }
      pump()
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  let read = 0
  for await (const { data } of client.subscribe('watchFollow', {})) {
    read += 1
    expect(data).toEqual({ n: read })
    // Each event is answered by calls: with one socket for both this would never end.
    if (read <= 50) expect(await client.api.list({})).toBe('ok')
    if (read === 5_000) break
  }
  expect(sent).toBeLessThan(50_000)
  expect(daemon.peers).toHaveLength(2)
})

test('who follows from now resumes there, also when nothing had come yet', async () => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      if (call.params.lastEventId !== undefined) return peer.send(event(call, 5))
      peer.send({ id: call.id, result: { type: 'data', id: '1.4', data: null } })
      peer.socket.end()
    },
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const events = client.api.watchFollow({})
  expect((await events.next()).value).toEqual({ cursor: '1.5', data: { n: 5 } })
  expect(daemon.asked.map(({ params }) => params.lastEventId)).toEqual([undefined, '1.4'])
  await events.return?.()
})

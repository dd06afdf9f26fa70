import { DispatchError } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { startListening } from './listening.ts'
import { connectRaw, hello, helloText, query } from './raw-client.ts'

const callId = '019a1234-0000-7000-8000-00000000abcd'
const audit = { entries: [] }

test('hello and first call may come in one write; the call carries what they said', async () => {
  await using listening = await startListening({ daemon: { log: () => audit } })
  using client = await connectRaw(listening.path, false)
  const params = { path: 'daemon.log', input: {}, callId, lastEventId: '1.7' }
  client.write(`${helloText}${JSON.stringify({ id: 1, method: 'query', params })}\n`)
  expect(await client.next()).toEqual({
    hello: { wire: 1, version: '1.2.3', contract: 'abc', pid: 42 },
  })
  expect(await client.next()).toEqual({ id: 1, result: { data: audit } })
  expect(listening.calls[0]).toMatchObject({
    id: callId,
    caller: 'client',
    cwd: '/work',
    zone: 'Europe/Berlin',
    threadId: null,
    after: '1.7',
  })
  expect(listening.listener.stats()).toEqual({ connections: 1, followers: 0 })
})

test('errors carry our body: refusals, bad input, unknown ops, bugs', async () => {
  await using listening = await startListening({
    daemon: {
      log: ({ op }) => {
        if (op === 'bug') throw new Error('broken')
        throw new DispatchError('not_found', 'No such lane.', { hint: 'dispatch list' })
      },
    },
  })
  using client = await connectRaw(listening.path)
  const codeOf = async (path: string, input: unknown = {}) => {
    client.send(query(1, path, input))
    const answer = await client.next()
    if (!('error' in answer)) throw new Error('no error')
    expect(JSON.stringify(answer)).not.toContain('stack')
    return { code: answer.error.data.code, hint: answer.error.data.hint }
  }
  expect(await codeOf('daemon.log')).toEqual({ code: 'not_found', hint: 'dispatch list' })
  expect(await codeOf('daemon.log', { op: 'bug' })).toEqual({
    code: 'internal',
    hint: 'dispatch daemon logs',
  })
  expect(await codeOf('daemon.log', { nonsense: 1 })).toMatchObject({ code: 'validation' })
  expect(await codeOf('daemon.watchFollow')).toMatchObject({ code: 'daemon_unreachable' })
  expect(await codeOf('watchFollow')).toMatchObject({ code: 'validation' })
  for (const name of ['constructor', '__proto__', 'toString', 'daemon.constructor']) {
    expect((await codeOf(name)).code).toBe('daemon_unreachable')
  }
  expect(listening.logged).toEqual(['call.failed'])
})

test('cancel aborts one call, a closed connection all of them', async () => {
  const { promise: allAborted, resolve } = Promise.withResolvers<void>()
  let waiting = 0
  let aborted = 0
  await using listening = await startListening({
    wait: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        waiting += 1
        signal.addEventListener('abort', () => {
          aborted += 1
          reject(signal.reason)
          if (aborted === 3) resolve()
        })
      }),
    daemon: { log: () => audit },
  })
  using client = await connectRaw(listening.path)
  client.send(...[1, 2, 3].map((id) => query(id, 'wait', { lanes: ['x'] })), query(4, 'daemon.log'))
  expect(await client.next()).toMatchObject({ id: 4 })
  expect([waiting, aborted]).toEqual([3, 0])
  client.send({ id: 2, method: 'cancel' })
  expect(await client.next()).toMatchObject({ id: 2, error: {} })
  client.socket.destroy()
  await allAborted
  expect(listening.logged).toEqual([])
})

test('what breaks in a call that was aborted is in the log, cancelled or lost', async () => {
  const { promise: allBroken, resolve } = Promise.withResolvers<void>()
  let broken = 0
  const listening = await startListening({
    wait: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('broken'))
          broken += 1
          if (broken === 2) resolve()
        })
      }),
    daemon: { log: () => audit },
  })
  {
    await using _listening = listening
    using client = await connectRaw(listening.path)
    client.send(...[1, 2].map((id) => query(id, 'wait', { lanes: ['x'] })), query(3, 'daemon.log'))
    expect(await client.next()).toMatchObject({ id: 3 })
    client.send({ id: 1, method: 'cancel' })
    expect(await client.next()).toMatchObject({ id: 1, error: {} })
    expect(listening.logged).toEqual(['call.failed'])
    client.socket.destroy()
    await allBroken
  }
  expect(listening.logged).toEqual(['call.failed', 'call.failed'])
})

test('a live id is not taken twice, and 128 calls are in flight at most', async () => {
  await using listening = await startListening({
    wait: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      }),
  })
  using client = await connectRaw(listening.path)
  for (let id = 1; id <= 128; id += 1) client.send(query(id, 'wait', { lanes: ['x'] }))
  client.send(query(7, 'wait', { lanes: ['x'] }), query(129, 'wait', { lanes: ['x'] }))
  expect(await client.next()).toMatchObject({ id: null, error: { data: { code: 'validation' } } })
  expect(await client.next()).toMatchObject({ id: 129, error: { data: { code: 'validation' } } })
})

test('a hello of another wire is answered, explained and ended', async () => {
  await using listening = await startListening({})
  using client = await connectRaw(listening.path, false)
  client.send({ hello: { ...hello, wire: 2 } }, query(1, 'list'))
  expect(await client.next()).toMatchObject({ hello: { wire: 1 } })
  expect(await client.next()).toMatchObject({
    id: null,
    error: { data: { code: 'daemon_unreachable' } },
  })
  await client.ended
  expect(listening.calls).toEqual([])
})

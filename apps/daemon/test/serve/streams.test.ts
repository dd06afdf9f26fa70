import { once } from 'node:events'
import type { DispatchEvent, Tracked } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { startListening } from './listening.ts'
import { connectRaw } from './raw-client.ts'

const eventOf = (n: number): DispatchEvent => ({
  cursor: `1.${n}`,
  at: '2026-01-01T00:00:00.000Z',
  lane: null,
  type: 'item.delta',
  data: { n },
})

const follow = (id: number, lastEventId?: string) => ({
  id,
  method: 'subscription',
  params: { path: 'watchFollow', input: {}, ...(lastEventId ? { lastEventId } : {}) },
})

test('events come in order, with their cursor where they have one, and the end is told', async () => {
  await using listening = await startListening({
    async *watchFollow(_, { after }): AsyncIterable<Tracked<DispatchEvent>> {
      yield { cursor: after, data: eventOf(1) }
      yield { cursor: null, data: eventOf(2) }
    },
  })
  using client = await connectRaw(listening.path)
  client.send(follow(3, '1.9'))
  expect(await client.next()).toEqual({ id: 3, result: { type: 'started' } })
  expect(await client.next()).toEqual({
    id: 3,
    result: { type: 'data', id: '1.9', data: eventOf(1) },
  })
  expect(await client.next()).toEqual({ id: 3, result: { type: 'data', data: eventOf(2) } })
  expect(await client.next()).toEqual({ id: 3, result: { type: 'stopped' } })
})

const endless = () => {
  const { promise: left, resolve } = Promise.withResolvers<void>()
  const counter = { made: 0 }
  async function* watchFollow(): AsyncIterable<Tracked<DispatchEvent>> {
    try {
      for (;;) {
        counter.made += 1
        yield { cursor: `1.${counter.made}`, data: eventOf(counter.made) }
      }
    } finally {
      resolve()
    }
  }
  return { watchFollow, counter, left }
}

test('a follower that stops reading costs what its socket holds, and others are served', async () => {
  const { watchFollow, counter, left } = endless()
  const audit = { entries: [] }
  await using listening = await startListening({ watchFollow, daemon: { log: () => audit } })
  using deaf = await connectRaw(listening.path)
  deaf.socket.pause()
  deaf.send(follow(1))
  using other = await connectRaw(listening.path)
  for (let [seen, still] = [0, 0]; still < 100; still = counter.made === seen ? still + 1 : 0) {
    seen = counter.made
    other.send({ id: 1, method: 'query', params: { path: 'daemon.log' } })
    expect(await other.next()).toEqual({ id: 1, result: { data: audit } })
  }
  expect(listening.listener.stats()).toEqual({ connections: 2, followers: 1 })
  // An event is more than 100 bytes: far less than 1 MiB waits.
  expect(counter.made).toBeGreaterThan(0)
  expect(counter.made).toBeLessThan(10_000)
  deaf.socket.destroy()
  await left
})

test('cancel ends the source and is told', async () => {
  const { watchFollow, left } = endless()
  await using listening = await startListening({ watchFollow })
  using client = await connectRaw(listening.path)
  client.send(follow(1))
  await client.next()
  client.send({ id: 1, method: 'cancel' })
  for (;;) {
    const { result } = (await client.next()) as { result: { type: string } }
    if (result.type === 'stopped') break
  }
  await left
  expect(listening.listener.stats().followers).toBe(0)
})

test('a daemon that ends does not tell its followers that the stream ended: they come back', async () => {
  const { watchFollow, left } = endless()
  const listening = await startListening({ watchFollow })
  using client = await connectRaw(listening.path)
  client.send(follow(1))
  await client.next()
  let text = ''
  client.socket.on('data', (chunk) => (text += String(chunk)))
  const closed = once(client.socket, 'close')
  await listening[Symbol.asyncDispose]()
  await Promise.all([closed, left])
  expect(text).not.toContain('stopped')
})

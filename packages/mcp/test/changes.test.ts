// What is followed for the resources of a host, over a daemon that the test plays: when it begins, breaks
// off, begins again and is let go.
import { once } from 'node:events'
import { systemClock } from '@dispatch/client'
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { expect, test } from 'vitest'
import { connectHost, type Host } from './host.ts'

const toLane = (name: string) => ({
  id: `id-${name}`,
  ref: '0aaaa1',
  handle: `@${name}`,
  title: name,
  status: 'idle',
})

const answer = ({ path }: { path: string }): unknown =>
  path === 'list' ? { lanes: [toLane('a')], nextCursor: null } : toLane('a')

const aborted = async (signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, 'abort')
}

// Follows, and gives nothing.
async function* nothing(_path: string, _input: unknown, signal: AbortSignal) {
  await aborted(signal)
  yield* []
}

const uri = 'dispatch://lanes/id-a/transcript'
const urisOf = async ({ client }: Host) =>
  (await client.listResources()).resources.map((r) => r.uri)

test('a lane that is made before others are followed is listed', async () => {
  const lanes = [toLane('a')]
  await using host = await connectHost({
    answer: () => ({ lanes: [...lanes], nextCursor: null }),
    begins: async () => void lanes.push(toLane('b')),
    events: nothing,
  })
  expect(await urisOf(host)).toContain('dispatch://lanes/id-b')
  const before = host.asked.length
  await host.client.listResources()
  expect(host.asked.length).toBe(before + 1)
})

test('what cannot be followed is refused, and may be asked for again', async () => {
  let isWell = false
  await using host = await connectHost({
    answer,
    events: nothing,
    begins: async (path) => {
      if (!isWell && path === 'daemon.logFollow') throw new Error('no trail')
      if (!isWell) throw new Error('no events')
    },
  })
  await expect(host.client.listResources()).rejects.toMatchObject({
    code: -32_603,
    message: expect.stringContaining('no events') as string,
  })
  await expect(host.client.subscribeResource({ uri })).rejects.toMatchObject({ code: -32_603 })
  isWell = true
  await host.client.subscribeResource({ uri })
  expect(await urisOf(host)).toContain(uri)
  expect(host.errors).toEqual([])
})

test('what never begins is refused after a while', async () => {
  const clock = {
    ...systemClock,
    after: (ms: number, run: () => void) => systemClock.after(ms === 10_000 ? 0 : ms, run),
  }
  await using host = await connectHost({
    answer,
    clock,
    begins: (_path, signal) => aborted(signal),
  })
  const late = { code: -32_603, data: { error: { code: 'timeout' } } }
  await expect(host.client.listResources()).rejects.toMatchObject(late)
  await expect(host.client.subscribeResource({ uri })).rejects.toMatchObject(late)
})

test('what breaks off is said, begun again, and may have hidden anything', async () => {
  const breaks = new Map([
    ['watchFollow', Promise.withResolvers<never>()],
    ['daemon.logFollow', Promise.withResolvers<never>()],
  ])
  await using host = await connectHost({
    answer,
    async *events(path, input, signal) {
      const one = breaks.get(path)
      breaks.delete(path)
      await one?.promise
      yield* nothing(path, input, signal)
    },
  })
  const toldOf = () => {
    const updated = Promise.withResolvers<string>()
    const listed = Promise.withResolvers<void>()
    host.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
      updated.resolve(params.uri),
    )
    host.client.setNotificationHandler(ResourceListChangedNotificationSchema, () =>
      listed.resolve(),
    )
    return Promise.all([updated.promise, listed.promise])
  }
  const both = [...breaks]
  await host.client.subscribeResource({ uri })
  for (const [path, { reject }] of both) {
    const told = toldOf()
    reject(new Error(`${path} broke`))
    expect(await told).toEqual([uri, undefined])
  }
  expect(host.errors.map(({ message }) => message)).toEqual([
    'watchFollow broke',
    'daemon.logFollow broke',
  ])
})

test('nothing is followed that nobody waits for', async () => {
  const signals = new Map<string, AbortSignal>()
  await using host = await connectHost({
    answer,
    events: nothing,
    begins: async (path, signal) => void signals.set(path, signal),
  })
  const followed = () => [...signals].filter(([, { aborted: isOver }]) => !isOver).map(([p]) => p)
  await host.client.subscribeResource({ uri })
  await host.client.subscribeResource({ uri: 'dispatch://lanes' })
  await host.client.unsubscribeResource({ uri })
  expect(followed().toSorted()).toEqual(['daemon.logFollow', 'watchFollow'])
  await host.client.unsubscribeResource({ uri: 'dispatch://lanes' })
  expect(followed()).toEqual([])
  await host.client.subscribeResource({ uri })
  await host.client.listResources()
  await host.client.unsubscribeResource({ uri })
  expect(followed()).toEqual(['watchFollow'])
})

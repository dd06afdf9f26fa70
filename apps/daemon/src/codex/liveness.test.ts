import { CodexRpcError, CodexTimeoutError } from '@dispatch/codex-client'
import { expect, it, vi } from 'vitest'
import { fakeClient, type FakeClient } from '../../test/bench.ts'
import { fakeClock } from '../clock/fake-clock.ts'
import { watchLiveness } from './liveness.ts'

const silence = new CodexTimeoutError('server/diagnostics', 5_000)
const watchActivity = () => () => true
const settled = () => new Promise((resolve) => setImmediate(resolve))

it('asks only while work is open, and calls dead what does not answer, once', async () => {
  const clock = fakeClock()
  const dead = vi.fn<() => void>()
  let open = false
  let silent = false
  const client = fakeClient({
    'server/diagnostics': () => (silent ? Promise.reject(silence) : {}),
  })
  using _watch = watchLiveness(clock, { client, hasOpenWork: () => open, watchActivity, dead })
  const tick = async () => {
    clock.advance(4_000)
    await settled()
  }
  await tick()
  await tick()
  expect(client.asked).toHaveLength(0)
  open = true
  await tick()
  await tick()
  expect(client.asked).toHaveLength(2)
  silent = true
  await tick()
  await settled()
  await tick()
  expect(client.asked).toHaveLength(4)
  expect(dead).toHaveBeenCalledOnce()
})

it('is over when it is disposed, an answer on its way or not', async () => {
  const clock = fakeClock()
  const dead = vi.fn<() => void>()
  const answer = Promise.withResolvers<unknown>()
  const client = fakeClient({ 'server/diagnostics': () => answer.promise })
  const watch = watchLiveness(clock, { client, hasOpenWork: () => true, watchActivity, dead })
  clock.advance(4_000)
  watch[Symbol.dispose]()
  answer.reject(silence)
  await settled()
  expect(dead).not.toHaveBeenCalled()
  expect(clock.pending()).toBe(0)
})

it.each([
  ['an error', new CodexRpcError('server/diagnostics', { code: -32601, message: 'unknown' }), 2],
  ['an answer that came late', silence, 3],
])('takes %s for a sign of life', async (_name, first, asked) => {
  const clock = fakeClock()
  const dead = vi.fn<() => void>()
  let left = 1
  const client = fakeClient({
    'server/diagnostics': () => (left-- > 0 ? Promise.reject(first) : {}),
  })
  using _watch = watchLiveness(clock, { client, hasOpenWork: () => true, watchActivity, dead })
  for (const _round of [1, 2]) {
    clock.advance(4_000)
    await settled()
    await settled()
  }
  expect(dead).not.toHaveBeenCalled()
  expect(client.asked).toHaveLength(asked)
})

it.each([
  ['is at work', true, 5_000],
  ['does nothing', false, 1_000],
])('gives a silent server that %s so much more time', async (_name, works, timeoutMs) => {
  const clock = fakeClock()
  const dead = vi.fn<() => void>()
  const patience: unknown[] = []
  const client = {
    ...fakeClient({}),
    request: (_method: string, _params: object, options: { timeoutMs?: number }) => {
      patience.push(options.timeoutMs)
      return Promise.reject(silence)
    },
  } as unknown as FakeClient
  const watching = { watchActivity: () => () => works }
  using _watch = watchLiveness(clock, { client, hasOpenWork: () => true, dead, ...watching })
  clock.advance(4_000)
  await settled()
  await settled()
  expect(dead).toHaveBeenCalledOnce()
  expect(patience).toEqual([5_000, timeoutMs])
})

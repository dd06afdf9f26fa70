import { expect, it, vi } from 'vitest'
import { fakeClient } from '../../test/bench.ts'
import { fakeClock } from '../clock/fake-clock.ts'
import { watchLiveness } from './liveness.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

it('asks only while work is open, and calls dead what does not answer, once', async () => {
  const clock = fakeClock()
  const dead = vi.fn<() => void>()
  let open = false
  let silent = false
  const client = fakeClient({
    'server/diagnostics': () => (silent ? Promise.reject(new Error('silence')) : {}),
  })
  using _watch = watchLiveness(clock, { client, hasOpenWork: () => open, dead })
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
  await tick()
  expect(client.asked).toHaveLength(3)
  expect(dead).toHaveBeenCalledOnce()
})

it('is over when it is disposed, an answer on its way or not', async () => {
  const clock = fakeClock()
  const dead = vi.fn<() => void>()
  const answer = Promise.withResolvers<unknown>()
  const client = fakeClient({ 'server/diagnostics': () => answer.promise })
  const watch = watchLiveness(clock, { client, hasOpenWork: () => true, dead })
  clock.advance(4_000)
  watch[Symbol.dispose]()
  answer.reject(new Error('closed'))
  await settled()
  expect(dead).not.toHaveBeenCalled()
  expect(clock.pending()).toBe(0)
})

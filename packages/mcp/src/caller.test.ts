import type { Client } from '@dispatch/client'
import { expect, test } from 'vitest'
import { makeCallers } from './caller.ts'

/** Clients that answer with the thread that they call for, once they are let. */
const makeWorld = () => {
  const open: (string | undefined)[] = []
  let going: Promise<void> = Promise.resolve()
  const callers = makeCallers({ env: {} }, ({ env }): Client => {
    const thread = env?.['CODEX_THREAD_ID']
    open.push(thread)
    return {
      call: () => going.then(() => thread),
      async *subscribe() {
        await going
        yield { cursor: null, data: thread }
      },
      wasConnected: () => true,
      close: async () => void open.splice(open.indexOf(thread), 1),
      [Symbol.asyncDispose]: async () => undefined,
    }
  })
  const call = (thread: string) => callers.clientOf(thread).call('list', 'query', {})
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    going = promise
    return resolve
  }
  return { open, call, hold, callers }
}

const threads = Array.from({ length: 40 }, (_, index) => `thread-${index}`)

test('each thread calls under its own name, however many there are', async () => {
  const { open, call, callers } = makeWorld()
  for (const thread of threads) expect(await call(thread)).toBe(thread)
  expect(open).toEqual(threads.slice(8))
  await call('thread-8')
  await call('another')
  expect(open).toContain('thread-8')
  expect(open).not.toContain('thread-9')
  expect(await call('thread-0')).toBe('thread-0')
  await callers[Symbol.asyncDispose]()
  expect(open).toEqual([])
})

test('what works is not let go, and a call for which there is no room is refused', async () => {
  const { open, call, hold, callers } = makeWorld()
  const go = hold()
  const followed = callers.clientOf('thread-0').subscribe('watchFollow', {}).next()
  const called = threads.slice(1, 32).map(call)
  await expect(call('another')).rejects.toMatchObject({ code: 'conflict', retryable: true })
  expect(open).toEqual(threads.slice(0, 32))
  go()
  expect(await Promise.all(called)).toEqual(threads.slice(1, 32))
  expect(await followed).toMatchObject({ value: { data: 'thread-0' } })
  expect(await call('another')).toBe('another')
  expect(open).toContain('thread-0')
  await callers[Symbol.asyncDispose]()
})

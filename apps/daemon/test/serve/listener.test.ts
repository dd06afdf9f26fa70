import { existsSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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

import { join } from 'node:path'
import { DispatchError } from '@dispatch/contract/errors'
import { expect, test } from 'vitest'
import { isProcessAlive } from '../src/environment.ts'
import { createDispatchClient, type DispatchClientOptions } from '../src/program.ts'
import { answer, makeTestHome, refusal, startFakeDaemon } from './fake-daemon.ts'

const fake = join(import.meta.dirname, 'fake-dispatchd.ts')
const optionsOf = (home: string): DispatchClientOptions => ({
  home,
  env: {},
  cwd: '/work',
  daemon: { command: process.execPath, args: [fake] },
})

test('the daemon hears who calls; an input may be left out, what follows has its cursor', async () => {
  using home = makeTestHome()
  await using daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => peer.send(answer(call, call.params.input)),
  })
  await using client = createDispatchClient(optionsOf(home.home))
  expect(await client.api.list()).toEqual({})
  expect(client.home).toBe(home.home)
  expect(daemon.peers[0]?.hello).toMatchObject({ caller: 'client', cwd: '/work' })
  expect(daemon.peers[0]?.hello?.version).toMatch(/^\d+\.\d+\.\d+/)
})

test('what is refused is told in fields, not in flags', async () => {
  using home = makeTestHome()
  const error = new DispatchError('validation', 'The directory of --add-dir is a file.')
  await using _daemon = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => peer.send(refusal(call.id, error)),
  })
  await using client = createDispatchClient(optionsOf(home.home))
  const told = { message: 'The directory of addDir is a file.' }
  await expect(client.api.list()).rejects.toMatchObject(told)
  await expect(client.api.watchFollow().next()).rejects.toMatchObject(told)
})

test('what follows is left at once, also while nothing comes', async () => {
  using home = makeTestHome()
  await using _daemon = await startFakeDaemon(home.socket, { onCall: () => undefined })
  await using client = createDispatchClient(optionsOf(home.home))
  const events = client.api.watchFollow()
  const next = events.next()
  expect(await events.return?.()).toMatchObject({ done: true })
  expect(await next).toMatchObject({ done: true })
})

test('up and down are carried out here; what the daemon serves starts it unless told not to', async () => {
  using home = makeTestHome()
  const options = optionsOf(home.home)
  await using idle = createDispatchClient({ ...options, autostart: false })
  await expect(idle.api.list()).rejects.toMatchObject({ details: { reason: 'absent' } })
  let starts = 0
  await using client = createDispatchClient({ ...options, onStart: () => void (starts += 1) })
  const { pid } = await client.api.daemon.status()
  expect([starts, isProcessAlive(pid)]).toEqual([1, true])
  expect(await client.api.up()).toMatchObject({ status: 'already_running', pid })
  expect(await client.api.down()).toMatchObject({ status: 'stopped', pid })
  // By a short child of dispatchd, as for the command line.
  expect(await client.api.registry.verify({ file: '/copy.db' })).toMatchObject({ codexPid: 7 })
})

test('a client that was closed says so, for what it carries out itself too', async () => {
  using home = makeTestHome()
  const client = createDispatchClient(optionsOf(home.home))
  await client.close()
  for (const call of [client.api.list(), client.api.doctor()]) {
    await expect(call).rejects.toMatchObject({
      code: 'daemon_unreachable',
      message: 'The client is closed.',
    })
  }
})

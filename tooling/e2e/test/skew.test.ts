// A client and a daemon of different versions: the newer client restarts the older daemon, once, and
// its turns go on; an older client takes the newer daemon as it is.
import { fileURLToPath } from 'node:url'
import { createDispatchClient } from '@dispatch/client'
import { expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

const dispatchd = fileURLToPath(new URL('../../../apps/daemon/bin/dispatchd.mjs', import.meta.url))

const clientOf = (world: World, version: string) =>
  createDispatchClient({
    env: world.env,
    cwd: world.work,
    version,
    daemon: { command: process.execPath, args: [dispatchd] },
  })

test('a newer client restarts an older daemon under a running turn, and its call is made', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'a', '--text', 'gate: a\nreply: survived'])
  await world.model.waitForGate('a')
  const before = await world.status()
  await using client = clientOf(world, '99.0.0')
  const { lanes } = await client.api.list({})
  expect(lanes).toMatchObject([{ handle: '@a' }])
  const after = await world.status()
  expect(after.pid).not.toBe(before.pid)
  expect(after.codex.pid ?? before.codex.pid).toBe(before.codex.pid)
  // As new as a restart makes it: it is not restarted again.
  await client.api.list({})
  expect((await world.status()).pid).toBe(after.pid)
  world.model.open('a')
  const waited = await client.api.wait({ lanes: ['@a'] })
  expect(waited).toMatchObject({ error: null, lanes: [{ lastMessage: 'survived' }] })
})

test('an older client leaves a newer daemon alone', async () => {
  await using world = await makeWorld({ codex: null })
  await world.dispatch(['up'])
  const before = await world.status()
  await using client = clientOf(world, '0.0.1')
  expect(await client.api.list({})).toMatchObject({ lanes: [] })
  expect((await world.status()).pid).toBe(before.pid)
})

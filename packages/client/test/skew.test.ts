import { expect, test } from 'vitest'
import { makeClient } from '../src/client.ts'
import { systemClock } from '../src/clock.ts'
import { isOlder } from '../src/version.ts'
import {
  answer,
  type FakeDaemon,
  makeTestHome,
  type Script,
  startFakeDaemon,
} from './fake-daemon.ts'

test.each([
  ['1.2.3', '1.2.4', true],
  ['1.2.3', '1.2.3', false],
  ['1.10.0', '1.9.0', false],
  ['1.0.0-beta.2', '1.0.0-beta.10', true],
  ['1.0.0-beta', '1.0.0', true],
  ['1.0.0', '1.0.0-beta', false],
  ['1.0.0+a', '1.0.0+b', false],
  ['dev', '1.0.0', false],
])('%s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older)
})

const helloOf = (version: string) =>
  ({ wire: 1, version, contract: '', caller: 'client', cwd: '/', zone: 'UTC' }) as const

const makeSkewed = (socket: string, versions: { ours: string; next: string }) => {
  const replaced: string[] = []
  const daemons: FakeDaemon[] = []
  const start = async (version: string): Promise<void> => {
    const onCall: Script['onCall'] = (call, peer) => peer.send(answer(call, version))
    daemons.push(await startFakeDaemon(socket, { version, onCall }))
  }
  const client = makeClient({
    hello: helloOf(versions.ours),
    clock: systemClock,
    newId: () => '019a0000-0000-7000-8000-000000000000',
    locate: () => socket,
    start: () => Promise.reject(new Error('not asked for')),
    async replace({ version }) {
      replaced.push(version)
      await daemons.at(-1)?.[Symbol.asyncDispose]()
      await start(versions.next)
    },
  })
  const dispose = async () => {
    await client.close()
    await Promise.all(daemons.map((daemon) => daemon[Symbol.asyncDispose]()))
  }
  return { client, replaced, start, [Symbol.asyncDispose]: dispose }
}

test('an older daemon is replaced once, however many calls find it, and the calls are made again', async () => {
  using home = makeTestHome()
  await using skewed = makeSkewed(home.socket, { ours: '1.1.0', next: '1.1.0' })
  await skewed.start('1.0.0')
  const { client, replaced } = skewed
  const events = client.subscribe('watchFollow', {})
  const first = events.next()
  expect(
    await Promise.all([client.call('list', 'query', {}), client.call('get', 'query', {})]),
  ).toEqual(['1.1.0', '1.1.0'])
  expect(replaced).toEqual(['1.0.0'])
  await events.return?.()
  await first
})

test('a daemon that is still older afterwards is used as it is', async () => {
  using home = makeTestHome()
  await using skewed = makeSkewed(home.socket, { ours: '2.0.0', next: '1.0.0' })
  await skewed.start('1.0.0')
  expect(await skewed.client.call('list', 'query', {})).toBe('1.0.0')
  expect(skewed.replaced).toEqual(['1.0.0'])
})

test('a newer daemon is never replaced, nor an older one by a call that may not start one', async () => {
  using home = makeTestHome()
  await using skewed = makeSkewed(home.socket, { ours: '1.5.0', next: '1.5.0' })
  await skewed.start('2.0.0')
  expect(await skewed.client.call('list', 'query', {})).toBe('2.0.0')
  using other = makeTestHome()
  await using older = makeSkewed(other.socket, { ours: '1.5.0', next: '1.5.0' })
  await older.start('1.0.0')
  const options = { autostart: false }
  expect(await older.client.call('daemon.status', 'query', {}, options)).toBe('1.0.0')
  expect([...skewed.replaced, ...older.replaced]).toEqual([])
})

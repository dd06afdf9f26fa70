// The daemon's life: many callers at once, restarts under running turns, ends that wait or cut.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { DispatchEvent, UpResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { eventOf, eventsOf, reach } from '../src/events.ts'
import { processesOf } from '../src/processes.ts'
import { makeWorld, type World } from '../src/world.ts'

const startGated = async (world: World, name: string, text: string): Promise<void> => {
  await world.dispatch(['new', '--name', name, '--text', text])
  await world.model.waitForGate(name)
}

test('commands of many callers at once start one daemon and one App Server', async () => {
  await using world = await makeWorld()
  const names = ['a', 'b', 'c', 'd']
  const made = await Promise.all(
    names.map((name) =>
      world.dispatch(['new', '--name', name, '--text', `reply: ${name}`, '--wait']),
    ),
  )
  expect(made.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    names.map(() => ({ code: 0, stderr: '' })),
  )
  expect(made.map((one) => (one.json() as { lastMessage: string }).lastMessage)).toEqual(names)
  const { lastCursor } = await world.status()
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await reach(watch, lastCursor)
  const count = (type: DispatchEvent['type']) =>
    eventsOf(watch).filter((event) => event.type === type).length
  expect([count('daemon.started'), count('codex.started')]).toEqual([1, 1])
  await world.dispatch(['down'])
  expect(processesOf(world.root).map(({ pid }) => pid)).toEqual([watch.pid])
})

test('restart leaves turns running: another daemon, the same App Server', async () => {
  await using world = await makeWorld()
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await startGated(world, 'a', 'gate: a\nreply: went on')
  const before = await world.status()
  const restarted = (await world.dispatch(['restart'])).json() as UpResult
  expect(restarted.status).toBe('started')
  expect(restarted.pid).not.toBe(before.pid)
  world.model.open('a')
  const waited = await world.dispatch(['wait', '@a'])
  expect(waited).toMatchObject({ code: 0, stderr: '' })
  expect(waited.json()).toMatchObject({ lanes: [{ lastMessage: 'went on' }] })
  const after = await world.status()
  expect(after.codex.pid).toBe(before.codex.pid)
  await reach(watch, after.lastCursor)
  expect(eventsOf(watch).filter(({ type }) => type === 'turn.completed')).toHaveLength(1)
  expect(watch.errors()).toBe('')
})

test('restart --codex is refused while a turn runs, and replaces both when it has ended', async () => {
  await using world = await makeWorld()
  await startGated(world, 'a', 'gate: a\nreply: done')
  const before = await world.status()
  const refused = await world.dispatch(['restart', '--codex'])
  expect(refused).toMatchObject({ code: 5, stdout: '' })
  expect(refused.error()).toMatchObject({
    code: 'lane_busy',
    hint: expect.stringContaining('dispatch restart --codex --drain') as string,
    details: { lanes: [{ handle: '@a' }] },
  })
  expect((await world.status()).pid).toBe(before.pid)
  world.model.open('a')
  await world.dispatch(['wait', '@a'])
  expect(await world.dispatch(['restart', '--codex'])).toMatchObject({ code: 0 })
  const sent = await world.dispatch(['send', '@a', 'reply: anew', '--wait'])
  expect(sent.json()).toMatchObject({ lastMessage: 'anew' })
  const after = await world.status()
  expect([after.pid, after.codex.pid]).not.toEqual([before.pid, before.codex.pid])
})

test('down is refused while a turn runs; --drain waits for it; a follower waits for the next', async () => {
  await using world = await makeWorld()
  await startGated(world, 'a', 'gate: a\nreply: done')
  const refused = await world.dispatch(['down'])
  expect(refused).toMatchObject({ code: 5, stdout: '' })
  expect(refused.error()).toMatchObject({
    hint: expect.stringContaining('dispatch down --drain') as string,
    details: { lanes: [{ handle: '@a' }] },
  })
  const late = await world.dispatch(['down', '--drain', '--timeout', '0'])
  expect(late).toMatchObject({ code: 3, stdout: '' })
  expect(late.error().message).toBe('Turns still run after 0 s.')
  const draining = world.dispatch(['down', '--drain'])
  world.model.open('a')
  expect((await draining).json()).toMatchObject({ status: 'stopped' })
  expect(processesOf(world.root)).toEqual([])
  const got = await world.dispatch(['get', '@a'])
  expect(got.json()).toMatchObject({ lastMessage: 'done', latestTurn: { status: 'completed' } })
})

test('a drain says for whom it waits, on a terminal', async () => {
  await using world = await makeWorld()
  await startGated(world, 'a', 'gate: a\nreply: done')
  await using draining = world.terminal(['restart', '--codex', '--drain'])
  await draining.shows('note: waits for @a\n')
  world.model.open('a')
  expect(await draining.ended).toBe(0)
})

test('down says that a daemon is starting where that is what it waited for', async () => {
  await using world = await makeWorld({ codex: null })
  await world.dispatch(['up'])
  await world.dispatch(['down'])
  // What a daemon that is starting has before it listens.
  const starting = new DatabaseSync(join(world.home, 'registry.db.lock'))
  starting.exec('BEGIN EXCLUSIVE')
  const late = await world.dispatch(['down', '--drain', '--timeout', '1.5'])
  expect(late).toMatchObject({ code: 3, stdout: '' })
  expect(late.error()).toMatchObject({
    code: 'timeout',
    message: 'A daemon that starts or ends still holds the home after 1.5 s.',
    hint: 'dispatch down',
    details: { waitedFor: 'held' },
  })
  starting.close()
})

test('down --force cuts the turn, and says so on the lane afterwards', async () => {
  await using world = await makeWorld()
  await startGated(world, 'a', 'gate: a')
  const down = await world.dispatch(['down', '--force', '--yes'])
  expect(down).toMatchObject({ code: 0, stderr: '' })
  expect(processesOf(world.root)).toEqual([])
  const got = await world.dispatch(['get', '@a'])
  expect(got.json()).toMatchObject({ status: 'idle', latestTurn: { status: 'interrupted' } })
})

test('down --force off a terminal needs --yes', async () => {
  await using world = await makeWorld({ codex: null })
  await world.dispatch(['up'])
  const refused = await world.dispatch(['down', '--force'])
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.error()).toMatchObject({
    code: 'usage',
    message: 'This needs a confirmation: add --yes. No turn runs.',
  })
  expect(await world.status()).toMatchObject({ pid: expect.any(Number) as number })
})

test('a CLI follows a daemon that ends for good in silence, and its Ctrl-C is 130', async () => {
  await using world = await makeWorld({ codex: null })
  await world.dispatch(['up'])
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await eventOf(watch, ({ type }) => type === 'daemon.started')
  await world.dispatch(['down'])
  await world.dispatch(['up'])
  await using again = world.follow(['watch', '--follow', '--after', '0'])
  const { pid } = await world.status()
  const isSecond = ({ data }: DispatchEvent): boolean => data['pid'] === pid
  expect(await eventOf(watch, isSecond)).toEqual(await eventOf(again, isSecond))
  watch.signal('SIGINT')
  expect(await watch.ended).toBe(130)
  expect(watch.errors()).toBe('')
})

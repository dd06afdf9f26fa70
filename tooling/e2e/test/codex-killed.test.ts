// kill -9 of the App Server, and of both: the lanes say so, work goes on, and nothing is left behind.
import type { LaneDetail } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { eventOf, reach } from '../src/events.ts'
import { processesOf } from '../src/processes.ts'
import { makeWorld, type World } from '../src/world.ts'

const sleeper = (name: string): string[] => [
  ...['new', '--name', name, '--sandbox', 'danger-full-access', '--approval-policy', 'never'],
  ...['--text', `shell: echo started ${name}; exec sleep 600`],
]

const shellsOf = (world: World): string[] =>
  processesOf(world.root)
    .map(({ command }) => command)
    .filter((command) => command.startsWith('sleep 600'))

const kill = (pid: number | null): void => {
  if (pid === null) throw new Error('there is no process to kill')
  process.kill(pid, 'SIGKILL')
}

// A shell runs when Codex says so; what it is then, only the kernel tells.
const startSleeper = async (world: World, name: string): Promise<void> => {
  await using watch = world.follow(['watch', '--follow', '--after', '0', '--type', 'item.started'])
  await world.dispatch(sleeper(name))
  await eventOf(
    watch,
    ({ lane, data }) => lane?.handle === `@${name}` && data['type'] === 'commandExecution',
  )
}

test('the app-server killed in the middle of a turn: interrupted, back, and the next send works', async () => {
  await using world = await makeWorld()
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  const sending = world.dispatch(['new', '--name', 'a', '--text', 'gate: never', '--wait'])
  await world.model.waitForGate('never')
  const { codex, pid } = await world.status()
  kill(codex.pid)
  const cut = await eventOf(watch, ({ type }) => type === 'turn.interrupted')
  expect(cut).toMatchObject({ lane: { handle: '@a' }, data: { reason: 'app-server lost' } })
  const sent = await sending
  expect(sent.code).toBe(10)
  expect(sent.error()).toMatchObject({ code: 'turn_failed' })
  const again = await world.dispatch(['send', '@a', 'reply: again', '--wait'])
  expect(again).toMatchObject({ code: 0, stderr: '' })
  expect(again.json()).toMatchObject({ lastMessage: 'again' })
  const after = await world.status()
  expect(after.pid).toBe(pid)
  expect(after.codex).toMatchObject({ state: 'ready', error: null })
  expect(after.codex.pid).not.toBe(codex.pid)
  await reach(watch, after.lastCursor)
  expect(watch.lines.filter((line) => line.includes('"codex.lost"'))).toHaveLength(1)
  const got = (await world.dispatch(['get', '@a'])).json() as LaneDetail
  expect(got).toMatchObject({ status: 'idle', latestTurn: { status: 'completed' } })
  await world.dispatch(['down'])
  expect(processesOf(world.root)).toEqual(watchOnly(watch.pid))
})

const watchOnly = (pid: number): unknown[] => [expect.objectContaining({ pid })]

test('a shell of a lane does not outlive a killed app-server', async () => {
  await using world = await makeWorld()
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await startSleeper(world, 'a')
  kill((await world.status()).codex.pid)
  await eventOf(watch, ({ type }) => type === 'turn.interrupted')
  expect(shellsOf(world)).toEqual([])
})

test('down after kill -9 of the daemon ends its app-server and the shells', async () => {
  await using world = await makeWorld()
  await startSleeper(world, 'a')
  const { pid, codex } = await world.status()
  kill(pid)
  const down = await world.dispatch(['down'])
  expect(down).toMatchObject({ code: 0, stderr: '' })
  expect(down.json()).toMatchObject({ status: 'stopped', pid: null, codexPid: codex.pid })
  expect(processesOf(world.root)).toEqual([])
})

test('down after kill -9 of both reaps the shells that are left', async () => {
  await using world = await makeWorld()
  await startSleeper(world, 'a')
  const { pid, codex } = await world.status()
  kill(pid)
  kill(codex.pid)
  const down = await world.dispatch(['down'])
  expect(down).toMatchObject({ code: 0, stderr: '' })
  expect(processesOf(world.root)).toEqual([])
})

test('after kill -9 of both the next command brings both back; the turn was interrupted', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'a', '--text', 'gate: never'])
  await world.model.waitForGate('never')
  const { pid, codex } = await world.status()
  kill(codex.pid)
  kill(pid)
  const waited = await world.dispatch(['wait', '@a'])
  expect(waited.code).toBe(10)
  expect(waited.json()).toMatchObject({ lanes: [{ outcome: 'interrupted', status: 'idle' }] })
  const sent = await world.dispatch(['send', '@a', 'reply: again', '--wait'])
  expect(sent.json()).toMatchObject({ lastMessage: 'again' })
})

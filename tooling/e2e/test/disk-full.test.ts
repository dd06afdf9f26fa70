// A full disk under the daemon: what cannot be written is refused or kept, reads go on, and nothing is
// lost. The limit on the size of files does what a full disk does: every write of the daemon fails.
import type { DaemonStatus, LaneDetail } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { eventOf, eventsOf, reach } from '../src/events.ts'
import { run } from '../src/spawn.ts'
import { makeWorld, type World } from '../src/world.ts'

const limitFiles = async (world: World, pid: number, bytes: string): Promise<void> => {
  const args = ['--pid', String(pid), `--fsize=${bytes}:`]
  const { code, stderr } = await run({ command: 'prlimit', args, env: world.env, cwd: world.root })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

test('reads are served, writes are refused, the turn goes on, and its end is not lost', async () => {
  await using world = await makeWorld()
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await world.dispatch(['new', '--name', 'a', '--text', 'gate: g\nreply: kept'])
  await world.model.waitForGate('g')
  const { pid } = await world.status()
  await limitFiles(world, pid, '1')

  const refused = await world.dispatch(['new', '--name', 'b', '--text', 'reply: never'])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.error()).toMatchObject({
    code: 'internal',
    message: expect.stringContaining('is full') as string,
    hint: expect.stringContaining('Free some space') as string,
  })
  world.model.open('g')
  await world.model.waitForRequest(
    ({ prompt, outcome }) => prompt?.text.includes('gate: g') === true && outcome === 'completed',
  )
  for (const args of [['list'], ['get', '@a'], ['tail', '@a'], ['models'], ['daemon', 'log']]) {
    expect(await world.dispatch(args)).toMatchObject({ code: 0, stderr: '' })
  }
  const status = (await world.dispatch(['daemon', 'status'])).json() as DaemonStatus
  expect(status.warnings.join('\n')).toContain('nothing can be written')
  expect(status.lanes).toMatchObject({ total: 1, busy: 1 })
  expect((await world.dispatch(['rename', '@a', 'other'])).error()).toMatchObject({
    code: 'internal',
  })

  await limitFiles(world, pid, 'unlimited')
  const ended = await eventOf(watch, ({ type }) => type === 'turn.completed')
  expect(ended.data).toMatchObject({ lastMessage: 'kept' })
  const detail = (await world.dispatch(['get', '@a'])).json() as LaneDetail
  expect(detail).toMatchObject({ status: 'idle', lastMessage: 'kept', handle: '@a' })
  const made = await world.dispatch(['new', '--name', 'b', '--text', 'reply: now', '--wait'])
  expect(made.json()).toMatchObject({ handle: '@b', lastMessage: 'now' })
  const after = await world.status()
  expect(after.pid).toBe(pid)
  expect(after.warnings).toEqual([])
  await reach(watch, after.lastCursor)
  const count = (wanted: string): number =>
    eventsOf(watch).filter(({ type }) => type === wanted).length
  expect({ started: count('turn.started'), completed: count('turn.completed') }).toEqual({
    started: 2,
    completed: 2,
  })
  expect({ lanes: count('lane.created'), lost: count('codex.lost') }).toEqual({ lanes: 2, lost: 0 })
})

test('down works without room, and what was there is there again', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'a', '--text', 'reply: first', '--wait'])
  const { pid, codex } = await world.status()
  await limitFiles(world, pid, '1')
  expect((await world.dispatch(['rename', '@a', 'other'])).code).toBe(1)
  const down = await world.dispatch(['down'])
  expect(down).toMatchObject({ code: 0 })
  expect(down.json()).toMatchObject({ status: 'stopped', codexPid: codex.pid })
  const sent = await world.dispatch(['send', '@a', 'reply: second', '--wait'])
  expect(sent.json()).toMatchObject({ handle: '@a', lastMessage: 'second' })
  expect(await world.dispatch(['registry', 'verify'])).toMatchObject({ code: 0 })
})

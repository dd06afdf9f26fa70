// Ctrl-C: what goes on, what is stopped, and what is said of it.
import type { AuditResult, DispatchEvent, LaneDetail } from '@dispatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const get = async (ref: string) => (await world.dispatch(['get', ref])).json() as LaneDetail

/** Breaks a command off in the middle of its turn. */
const breakOff = async (argv: readonly string[], gate: string) => {
  await using running = world.follow(argv)
  await world.model.waitForGate(gate)
  running.signal('SIGINT')
  expect(await running.ended).toBe(130)
  return { lines: running.lines, errors: running.errors() }
}

const statusOf = async (ref: string, type: DispatchEvent['type']) => {
  await using watch = world.follow(['watch', ref, '--follow', '--after', '0'])
  await watch.line((line) => (JSON.parse(line) as DispatchEvent).type === type)
  return (await get(ref)).status
}

test('new --wait and send --wait name the lane and the receipt; the turn goes on', async () => {
  const made = await breakOff(['new', '--name', 'a', '--text', 'gate: one', '--wait'], 'one')
  expect(made.lines).toEqual([])
  const { interrupted } = JSON.parse(made.errors) as {
    interrupted: { lane: { ref: string }; delivery: { id: string } }
  }
  expect(interrupted).toMatchObject({
    op: 'new',
    lane: { handle: '@a', status: 'busy' },
    delivery: { state: 'accepted' },
  })
  const { ref } = interrupted.lane
  world.model.open('one')
  expect((await world.dispatch(['wait', ref])).code).toBe(0)

  const argv = ['send', ref, 'gate: two', '--wait', '--output', 'text']
  const { errors } = await breakOff(argv, 'two')
  const said = `^note: @a \\(${ref}\\); its turn goes on: dispatch wait ${ref}; receipt [0-9a-f-]{36} \\(accepted\\)\\n$`
  expect(errors).toMatch(new RegExp(said))
  expect(await get(ref)).toMatchObject({ status: 'busy' })
  world.model.open('two')
})

test('run stops its turn and archives its lane', async () => {
  const { errors } = await breakOff(['run', 'gate: three', '--output', 'text'], 'three')
  const [, ref = ''] =
    /^note: @gate-three \((\w+)\); its turn is being stopped; /.exec(errors) ?? []
  expect(await statusOf(ref, 'lane.archived')).toBe('archived')
  expect((await get(ref)).latestTurn?.status).toBe('interrupted')
  const log = (await world.dispatch(['daemon', 'log', '--op', 'run'])).json() as AuditResult
  expect(log.entries).toMatchObject([{ ref, outcome: 'cancelled' }])
})

// The main job off a terminal: lanes, messages, followers, and all of it again after a restart.
import type { ListResult, NewResult, SendResult, StopResult, TailResult } from '@dispatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { durable, eventOf, eventsOf, reach } from '../src/events.ts'
import { makeWorld, type World } from '../src/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('new makes a lane, gives it its first message and says so', async () => {
  const answer = await world.dispatch(['new', '--name', 'a', '--text', 'reply: hello'])
  expect(answer).toMatchObject({ code: 0, stderr: '' })
  expect(answer.stdout.trimEnd()).not.toContain('\n')
  expect(answer.json() as NewResult).toMatchObject({
    handle: '@a',
    title: '[work] a',
    cwd: world.work,
    messageAccepted: true,
    model: 'simulated-model',
    delivery: { state: 'accepted', textLength: 12 },
    error: null,
  })
  expect(await world.dispatch(['wait', '@a'])).toMatchObject({ code: 0, stderr: '' })
  const { lanes } = (await world.dispatch(['list'])).json() as ListResult
  expect(lanes).toMatchObject([
    { handle: '@a', status: 'idle', latestTurn: { status: 'completed' } },
  ])
})

test('a follower in another process sees the turn of a message while it runs', async () => {
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await eventOf(watch, ({ type }) => type === 'turn.completed')
  const before = eventsOf(watch).length
  const sending = world.dispatch(['send', 'a', 'gate: seen\nreply: two', '--wait'])
  await world.model.waitForGate('seen')
  await eventOf(watch, ({ type, data }) => type === 'lane.status-changed' && data['to'] === 'busy')
  world.model.open('seen')
  const sent = (await sending).json() as SendResult
  expect(sent).toMatchObject({ turn: { status: 'completed' }, lastMessage: 'two', error: null })
  const { lastCursor } = await world.status()
  await reach(watch, lastCursor)
  const seen = eventsOf(watch).slice(before)
  expect(seen.some(({ type, cursor }) => type === 'item.delta' && cursor === null)).toBe(true)
  const order = durable(seen).map(({ type }) => type)
  expect(order.filter((type) => type.startsWith('turn.'))).toEqual([
    'turn.started',
    'turn.completed',
  ])
  expect(order.indexOf('delivery.accepted')).toBeLessThan(order.indexOf('turn.completed'))
  expect(watch.errors()).toBe('')
})

test('tail shows what was said, oldest first, and a page of it', async () => {
  const { items } = (await world.dispatch(['tail', '@a'])).json() as TailResult
  expect(items.map(({ type, text }) => [type, text])).toEqual([
    ['userMessage', 'reply: hello'],
    ['agentMessage', 'hello'],
    ['userMessage', 'gate: seen\nreply: two'],
    ['agentMessage', 'gate seen: waiting, opened'],
    ['agentMessage', 'two'],
  ])
  const newest = (await world.dispatch(['tail', '@a', '--limit', '1'])).json() as TailResult
  expect(newest.items).toEqual(items.slice(-1))
  const before = ['tail', '@a', '--limit', '2', '--before', String(newest.previousCursor)]
  const older = (await world.dispatch(before)).json() as TailResult
  expect(older.items).toEqual(items.slice(2, 4))
  const typed = ['tail', '@a', '--type', 'agentMessage']
  expect(((await world.dispatch(typed)).json() as TailResult).items).toHaveLength(3)
})

test('tail --follow shows the past and goes on, each item once', async () => {
  await using tail = world.follow(['tail', '@a', '--follow', '--limit', '1'])
  await tail.line((line) => line.includes('two'))
  await world.dispatch(['send', '@a', 'reply: three', '--wait'])
  await tail.line((line) => line.includes('"kind":"turn"'))
  const lines = tail.lines.map((line) => JSON.parse(line) as Record<string, never>)
  expect(lines).toMatchObject([
    { kind: 'item', item: { type: 'agentMessage' } },
    { kind: 'item', item: { type: 'userMessage', text: 'reply: three' } },
    { kind: 'item', item: { type: 'agentMessage', text: 'three' } },
    { kind: 'turn', status: 'completed', message: null },
  ])
})

test('stop ends a turn in its middle; who waited for it is told', async () => {
  const sending = world.dispatch(['send', '@a', 'gate: never', '--wait'])
  await world.model.waitForGate('never')
  const { lanes } = (await world.dispatch(['stop', 'a'])).json() as StopResult
  expect(lanes).toMatchObject([{ handle: '@a', status: 'idle', stopped: true, reason: null }])
  const sent = await sending
  expect(sent.code).toBe(10)
  expect(sent.json()).toMatchObject({ turn: { status: 'interrupted' }, status: 'idle' })
  expect(sent.error()).toMatchObject({ code: 'turn_failed' })
  const again = await world.dispatch(['send', '@a', 'reply: goes on', '--wait'])
  expect(again.json()).toMatchObject({ lastMessage: 'goes on' })
})

test('after down and up everything is there and goes on', async () => {
  const before = (await world.dispatch(['tail', '@a'])).json() as TailResult
  const down = await world.dispatch(['down'])
  expect(down.json()).toMatchObject({ status: 'stopped', removed: [] })
  expect((await world.dispatch(['down'])).json()).toMatchObject({ status: 'not_running' })
  const up = await world.dispatch(['up'])
  expect(up.json()).toMatchObject({ status: 'started', warnings: [] })
  expect((await world.dispatch(['up'])).json()).toMatchObject({ status: 'already_running' })
  expect(((await world.dispatch(['tail', '@a'])).json() as TailResult).items).toEqual(before.items)
  const sent = await world.dispatch(['send', '@a', 'reply: after up', '--wait'])
  expect(sent.json()).toMatchObject({ lastMessage: 'after up', error: null })
  const after = (await world.dispatch(['tail', '@a'])).json() as TailResult
  expect(after.items.slice(0, before.items.length)).toEqual(before.items)
  expect(after.items).toHaveLength(before.items.length + 2)
})

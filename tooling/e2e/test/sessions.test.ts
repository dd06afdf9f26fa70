// Sessions of others on the command line, and a lane in Codex's own terminal UI.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventOf } from '../src/events.ts'
import { makeWorld, type World } from '../src/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
  await world.dispatch(['new', '--name', 'docs', '--text', 'reply: Hello from the lane.', '--wait'])
})
afterAll(() => world[Symbol.asyncDispose]())

test('a person joins a lane, and both sides see and drive the same thread', async () => {
  await using watch = world.follow(['watch', '@docs', '--follow'])
  await using ui = world.terminal(['open', '@docs'])
  await ui.shows('Hello from the lane.')

  ui.type('reply: said there')
  await ui.shows('said there')
  ui.type('\r')
  const ended = await eventOf(watch, ({ type }) => type === 'turn.completed')
  expect(ended.data).toMatchObject({ lastMessage: 'said there' })

  const sent = await world.dispatch(['send', '@docs', 'reply: said here', '--wait'])
  expect(sent.json()).toMatchObject({ lastMessage: 'said here' })
  await ui.shows('said here')
})

test('off a terminal it says what to type', async () => {
  const { code, error } = await world.dispatch(['open', '@docs'])
  expect(code).toBe(2)
  expect(error().hint).toContain('--remote unix://')
})

test('list --unmanaged and its schema are one command with list', async () => {
  const listed = await world.dispatch(['list', '--unmanaged', '--limit', '5'])
  expect(listed.json()).toEqual({ sessions: [], nextCursor: null })
  const schema = await world.dispatch(['schema', 'list --unmanaged'])
  expect(schema.json()).toMatchObject({ command: 'list --unmanaged', op: 'listUnmanaged' })
})

test('detach of an own lane needs a word, of an attached one none', async () => {
  const made = await world.dispatch(['new', '--name', 'gone', '--text', 'reply: x', '--wait'])
  const { id } = made.json() as { id: string }
  expect((await world.dispatch(['detach', '@gone'])).code).toBe(2)
  expect((await world.dispatch(['detach', '@gone', '--yes'])).code).toBe(0)
  expect((await world.dispatch(['attach', id])).code).toBe(0)
  const refused = await world.dispatch(['send', '@gone', 'reply: y'])
  expect({ code: refused.code, error: refused.error().code }).toEqual({
    code: 7,
    error: 'authority',
  })
  expect((await world.dispatch(['detach', '@gone'])).code).toBe(0)
})

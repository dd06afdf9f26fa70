// kill -9 of dispatchd while 20 turns run: they go on, and the next daemon's log is whole.
import { createDispatchClient } from '@dispatch/client'
import type { DispatchEvent } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { durable, eventsOf, reach } from '../../src/events.ts'
import { makeWorld, type World } from '../../src/world.ts'

const TURNS = 20

const names = Array.from({ length: TURNS }, (_, number) => `t${number}`)

const hasAnswered = (world: World, name: string) =>
  world.model.waitForRequest(
    ({ prompt, outcome }) =>
      prompt?.text.includes(`gate: ${name}\n`) === true && outcome === 'completed',
  )

// What an event is about; two of a kind about the same thing would be a repeat.
const aboutOf = ({ type, lane, data }: DispatchEvent): string =>
  [type, lane?.id, data['turnId'], data['id'], data['deliveryId']].join(' ')

test(`${TURNS} turns complete; every durable event is there once, and one live gap`, async () => {
  await using world = await makeWorld()
  await world.dispatch(['up'])
  const { version } = await world.status()
  await using client = createDispatchClient({ env: world.env, cwd: world.work, version })
  await Promise.all(
    names.map((name) => client.api.new({ name, text: `gate: ${name}\nreply: done ${name}` })),
  )
  for (const name of names) await world.model.waitForGate(name)
  const { pid, codex } = await client.api.daemon.status({})
  process.kill(pid, 'SIGKILL')

  // Half of them end while no daemon lives, the others under the next one.
  const missed = names.slice(0, TURNS / 2)
  for (const name of missed) world.model.open(name)
  for (const name of missed) await hasAnswered(world, name)
  expect((await world.dispatch(['up'])).json()).toMatchObject({ status: 'started' })
  for (const name of names.slice(TURNS / 2)) world.model.open(name)
  const waited = await client.api.wait({ lanes: names.map((name) => `@${name}`) })
  expect(waited.error).toBeNull()
  const said = waited.lanes.map(({ lastMessage }) => lastMessage)
  expect(said).toEqual(names.map((name) => `done ${name}`))

  const { lastCursor, codex: now } = await world.status()
  expect(now.pid).toBe(codex.pid)
  await using watch = world.follow(['watch', '--follow', '--after', '0'])
  await reach(watch, lastCursor)
  const events = durable(eventsOf(watch))
  const count = (type: string) => events.filter((event) => event.type === type).length
  const items = events.filter(({ type }) => type === 'item.completed').map(aboutOf)
  const keyed = events.filter(({ type }) => /^(?:turn|item|delivery)\./.test(type)).map(aboutOf)
  const figures = {
    events: events.length,
    started: count('turn.started'),
    completed: count('turn.completed'),
    accepted: count('delivery.accepted'),
    items: items.length,
    repeats: keyed.length - new Set(keyed).size,
    gaps: count('gap'),
  }
  console.log(`kill -9 of dispatchd under ${TURNS} turns:`, figures)
  expect(figures).toMatchObject({
    started: TURNS,
    completed: TURNS,
    accepted: TURNS,
    // The message, what was said at the gate, and the answer.
    items: 3 * TURNS,
    repeats: 0,
    gaps: 1,
  })
  const asked = world.model.requests.filter(({ prompt }) => prompt?.kind === 'user').length
  expect(asked).toBe(TURNS)
})

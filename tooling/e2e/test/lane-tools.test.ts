// Tools of agents in lanes, with a person at the lane in Codex's own terminal UI.
import type { SendResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { eventOf } from '../src/events.ts'
import { makeWorld } from '../src/world.ts'

test('calls are answered while a person has the lane open, also those of a turn that the person began', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'lead', '--text', 'reply: Hello from the lane.', '--wait'])
  await using watch = world.follow(['watch', '@lead', '--follow'])
  await using ui = world.terminal(['open', '@lead'])
  await ui.shows('Hello from the lane.')

  const helper = `tool: dispatch_new ${JSON.stringify({ name: 'helper', text: 'reply: made here', wait: true })}`
  const sent = await world.dispatch(['send', '@lead', helper, '--wait'])
  expect(sent.json()).toMatchObject({
    error: null,
    lastMessage: expect.stringContaining('@helper'),
  })
  expect((await world.dispatch(['last', '@helper'])).json()).toMatchObject({ message: 'made here' })

  // Pasted, as a terminal says it: Enter right after quick typing is a new line to the UI.
  ui.type('\u001b[200~tool: dispatch_last {"lane":"@helper"}\u001b[201~')
  await ui.shows('dispatch_last {"lane":"@helper"}')
  ui.type('\r')
  const ended = await eventOf(
    watch,
    ({ type, data }) =>
      type === 'turn.completed' && data['lastMessage'] !== (sent.json() as SendResult).lastMessage,
  )
  expect(ended.data['lastMessage']).toContain('"message":"made here"')
})

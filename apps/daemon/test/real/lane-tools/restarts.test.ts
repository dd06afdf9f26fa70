// Calls of agents that are open while the daemon is replaced: Codex asks the next one.
import { expect, it } from 'vitest'
import { makePlace } from '../../composed.ts'
import { answersOf, call, calling } from './agent.ts'

it('a wait goes on in the next daemon', async () => {
  await using place = await makePlace()
  const first = place.start()
  await first.ops().new({ name: 'slow', text: 'gate: slow' })
  const lead = await first.ops().new({ name: 'lead', text: call('wait', { lanes: ['@slow'] }) })
  await calling(first, lead.id)
  await first[Symbol.asyncDispose]()

  await using next = place.start()
  const done = next.ops().wait({ lanes: ['@lead'] })
  place.model.open('slow')
  expect(await done).toMatchObject({ met: true, lanes: [{ outcome: 'completed' }] })
  expect(answersOf(place, lead.id)).toMatchObject([{ met: true, error: null }])
})

it.each([
  ['new', (text: string) => call('new', { name: 'helper', text, wait: true })],
  ['send', (text: string) => call('send', { lane: '@helper', text, wait: true })],
])('a call that writes is done once: %s', async (op, toCall) => {
  await using place = await makePlace()
  const first = place.start()
  if (op === 'send') await first.ops().new({ name: 'helper', send: false })
  const lead = await first.ops().new({ name: 'lead', text: toCall('gate: half') })
  await place.model.waitForGate('half')
  await first[Symbol.asyncDispose]()

  await using next = place.start()
  const done = next.ops().wait({ lanes: ['@lead'] })
  place.model.open('half')
  expect(await done).toMatchObject({ met: true, lanes: [{ outcome: 'completed' }] })
  expect(answersOf(place, lead.id)).toMatchObject([
    { handle: '@helper', error: null, lastMessage: expect.stringContaining('opened') },
  ])
  const { lanes } = await next.ops().list({})
  expect(lanes.map(({ handle }) => handle).sort()).toEqual(['@helper', '@lead'])
  const helper = await next.ops().get({ lane: '@helper' })
  const { deliveries } = await next.ops().delivery.list({ lane: '@helper' })
  expect(deliveries).toHaveLength(1)
  const turns = place.model.requests.filter(({ threadId }) => threadId === helper.id)
  expect(new Set(turns.map(({ turnId }) => turnId)).size).toBe(1)
})

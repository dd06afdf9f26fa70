// Calls of agents that are open while the daemon is replaced: Codex asks the next one.
import { expect, it } from 'vitest'
import { makePlace, type RunningDaemon } from '../../composed.ts'
import { answersOf, call, calling, configure } from './agent.ts'

// What goes by the worker of a lane is answered when the lane was joined again.
const joinedAgain = async (running: RunningDaemon, lane: string): Promise<void> =>
  void (await running.ops().set({ lane, requestTimeoutSeconds: 60 }))

it('a wait goes on in the next daemon', async () => {
  await using place = await makePlace()
  const first = place.start()
  await first.ops().new({ name: 'slow', text: 'gate: slow' })
  const lead = await first.ops().new({ name: 'lead', text: call('wait', { lanes: ['@slow'] }) })
  await calling(first, lead.id)
  await first[Symbol.asyncDispose]()

  await using next = place.start()
  await joinedAgain(next, '@slow')
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
  await joinedAgain(next, '@helper')
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

it('a lane has its tools in another App Server, too', async () => {
  await using place = await makePlace()
  await using running = place.start()
  const lane = await running.ops().new({ name: 'lead', text: 'reply: x', wait: true })
  process.kill(running.codexPid(), 'SIGKILL')
  await running.event(({ type }) => type === 'codex.lost')
  const text = call('list')
  await running.ops().send({ lane: lane.ref, text, wait: true })
  expect(answersOf(place, lane.id)).toMatchObject([{ lanes: [{ handle: '@lead' }] }])
})

it('messages of a minute count on in the next daemon', async () => {
  await using place = await makePlace()
  configure(place, '[lane_tools]\nmessages_per_minute = 1')
  const first = place.start()
  await first.ops().new({ name: 'other', send: false })
  const text = call('send', { lane: '@other', text: 'reply: x', mode: 'queue' })
  const lead = await first.ops().new({ name: 'lead', text, wait: true })
  await first[Symbol.asyncDispose]()

  await using next = place.start()
  await joinedAgain(next, '@lead')
  await next.ops().send({ lane: lead.ref, text, wait: true })
  expect(answersOf(place, lead.id)).toMatchObject([
    { error: null },
    { error: { code: 'authority', details: { bound: 'messages_per_minute', limit: 1 } } },
  ])
})

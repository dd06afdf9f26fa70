// kill -9 of dispatchd between the taking of a message and its turn: the next daemon delivers it, once.
import type { LaneDetail, SendResult, WaitResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

const killDaemon = async (world: World): Promise<void> => {
  process.kill((await world.status()).pid, 'SIGKILL')
}

const said = ({ model }: World): string[] =>
  model.requests.flatMap(({ prompt }) => (prompt?.kind === 'user' ? [prompt.text] : []))

test('a queue and context survive the daemon, in their order', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'a', '--text', 'gate: g'])
  await world.model.waitForGate('g')
  for (const words of [
    ['reply: 1', '--queue'],
    ['The key is 7.', '--context'],
    ['reply: 2', '--mode', 'queue'],
  ]) {
    const sent = await world.dispatch(['send', '@a', ...words])
    expect(sent).toMatchObject({ code: 0, stderr: '' })
    expect((sent.json() as SendResult).delivery.state).toBe('queued')
  }
  await killDaemon(world)
  const lane = (await world.dispatch(['get', '@a'])).json() as LaneDetail
  expect(lane.deliveries.map(({ mode, state }) => [mode, state])).toEqual([
    ['queue', 'queued'],
    ['context', 'queued'],
    ['queue', 'queued'],
  ])
  world.model.open('g')
  const waited = (await world.dispatch(['wait', '@a'])).json() as WaitResult
  expect(waited.lanes).toMatchObject([{ outcome: 'completed', lastMessage: '2' }])
  expect(said(world)).toEqual(['gate: g', 'reply: 1', 'reply: 2'])
  const bodies = world.model.requests.map(
    ({ rawBody }) => rawBody.split('The key is 7.').length - 1,
  )
  expect(bodies).toEqual([0, 1, 1])
})

test('an interjection whose daemon was killed before the interrupt is delivered once', async () => {
  await using world = await makeWorld()
  await world.dispatch(['new', '--name', 'a', '--text', 'gate: g'])
  await world.model.waitForGate('g')
  await using watch = world.follow([
    'watch',
    '--follow',
    '--after',
    '0',
    '--type',
    'delivery.queued',
  ])
  await using sending = world.follow(['send', '@a', 'reply: now', '--interject', '--wait'])
  await watch.line((line) => line.includes('delivery.queued'))
  await killDaemon(world)
  // Its client makes the call again, under the same id.
  const sent = JSON.parse(await sending.line(() => true)) as SendResult
  expect(sent).toMatchObject({ lastMessage: 'now', delivery: { mode: 'interject' } })
  expect(said(world).filter((text) => text === 'reply: now')).toHaveLength(1)
})

test('two ways at once are refused before anything is sent', async () => {
  await using world = await makeWorld()
  const sent = await world.dispatch(['send', '@a', 'x', '--steer', '--queue'])
  expect(sent.code).toBe(2)
  expect(sent.error()).toMatchObject({
    code: 'usage',
    message: 'Give --steer or --queue, not both.',
    hint: 'dispatch send --help',
  })
})

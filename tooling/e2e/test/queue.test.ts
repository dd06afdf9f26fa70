// kill -9 of dispatchd between the taking of a message and its turn: the next daemon delivers it, once.
import type { LaneDetail, SendResult, SendToResult, WaitResult } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

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
  await world.killDaemon()
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
  await world.killDaemon()
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

test('one message for several lanes: each says its own, the first that refuses sets the status', async () => {
  await using world = await makeWorld()
  for (const name of ['a', 'b']) await world.dispatch(['new', '--name', name, '--no-send'])
  const to = ['--to', '@a', '--to', '@nobody', '--to', '@b', '--to', '@a']
  const argv = ['send', ...to, 'reply: all', '--queue', '--idempotency-key', 'k']
  const first = await world.dispatch(argv)
  expect(first.code).toBe(4)
  expect(first.error()).toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(/^1 of 3 lanes did not take the message\. @nobody: /) as string,
    details: { failed: [{ to: '@nobody', code: 'not_found' }] },
  })
  const { lanes } = first.json() as SendToResult
  expect(lanes.map((one) => [one.to, one.delivery === null])).toEqual([
    ['@a', false],
    ['@nobody', true],
    ['@b', false],
  ])

  // What was missing is there by now; the others have theirs.
  await world.dispatch(['new', '--name', 'nobody', '--no-send'])
  const again = await world.dispatch(argv)
  expect(again.code).toBe(0)
  expect(again.stderr).toBe('')
  const second = (again.json() as SendToResult).lanes
  expect([second[0]?.delivery?.id, second[2]?.delivery?.id]).toEqual([
    lanes[0]?.delivery?.id,
    lanes[2]?.delivery?.id,
  ])
  expect((await world.dispatch(['wait', '@a', '@b', '@nobody'])).code).toBe(0)
  expect(said(world).filter((text) => text === 'reply: all')).toHaveLength(3)

  const text = await world.dispatch([...argv, '--output', 'text', '--no-color'])
  expect(text.stdout).toMatch(
    /^TO +REF +STATE +RECEIPT +WHY IT WAITS +WHY NOT\n@a +0\w{5} +accepted +/,
  )
  const shown = await world.dispatch(['schema', 'send --to'])
  expect(shown.json()).toMatchObject({ command: 'send --to', op: 'sendTo' })
})

test('--to goes with --queue, and in place of a lane', async () => {
  await using world = await makeWorld()
  const refused = async (...argv: string[]): Promise<string> => {
    const answer = await world.dispatch(['send', ...argv])
    expect(answer.code).toBe(2)
    expect(answer.stdout).toBe('')
    return answer.error().message
  }
  expect(await refused('--to', '@a', 'x')).toBe('--to goes with --queue only.')
  expect(await refused('--to', '@a', 'x', '--steer')).toBe('--to goes with --queue only.')
  expect(await refused('@b', 'x', '--to', '@a', '--queue')).toBe('<lane> does not go with --to.')
  expect(await refused('--to', '@a', 'x', '--queue', '--wait')).toBe(
    '--wait does not go with --to.',
  )
})

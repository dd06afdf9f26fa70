import { makeUnjudged } from '@dispatch/store/testing/unjudged'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

/** What people said to the model, in the order in which it was asked. */
const asked = ({ model }: Place): string[] =>
  model.requests.flatMap(({ prompt }) => (prompt?.kind === 'user' ? [prompt.text] : []))

const busyLane = async (place: Place, running: RunningDaemon): Promise<void> => {
  await running.ops().new({ name: 'a', text: 'gate: g' })
  await place.model.waitForGate('g')
}

const queueAll = async (running: RunningDaemon, texts: string[]): Promise<string[]> => {
  const ids: string[] = []
  for (const text of texts) {
    ids.push((await running.ops().send({ lane: '@a', text, mode: 'queue' })).delivery.id)
  }
  return ids
}

const refused = async (act: Promise<unknown>, code: string, message = ''): Promise<void> =>
  await expect(act).rejects.toMatchObject({
    cause: { code, message: expect.stringContaining(message) },
  })

describe('what waits', () => {
  it('is listed, edited, moved and cancelled, and then runs so', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await busyLane(place, running)
    const [one = '', two = '', three = '', four = ''] = await queueAll(running, [
      'reply: 1',
      'reply: 2',
      'reply: 3\n\u0007\u0000more',
      'reply: 4',
    ])
    const ops = running.ops()
    const listed = await ops.queue.list({})
    expect(listed.total).toBe(4)
    expect(listed.lanes).toMatchObject([{ handle: '@a', queue: { count: 4, head: one } }])
    expect(listed.messages.map(({ position, preview }) => [position, preview])).toEqual([
      [1, 'reply: 1'],
      [2, 'reply: 2'],
      [3, 'reply: 3 more'],
      [4, 'reply: 4'],
    ])
    expect(await ops.queue.get({ message: three })).toMatchObject({
      text: 'reply: 3\n\u0007\u0000more',
      state: 'queued',
    })
    expect(await ops.queue.edit({ message: two, text: 'reply: two' })).toMatchObject({
      text: 'reply: two',
      position: 2,
    })
    expect(await ops.queue.move({ message: four, first: true })).toMatchObject({ position: 1 })
    expect(await ops.queue.move({ message: one, after: two })).toMatchObject({ position: 3 })
    const { cancelled } = await ops.queue.cancel({ target: three })
    expect(cancelled).toMatchObject([{ id: three, state: 'cancelled' }])
    await running.event(({ type }) => type === 'delivery.cancelled')
    expect(await ops.get({ lane: '@a' })).toMatchObject({ queue: { count: 3, head: four } })
    place.model.open('g')
    await ops.wait({ lanes: ['@a'] })
    expect(asked(place)).toEqual(['gate: g', 'reply: 4', 'reply: two', 'reply: 1'])
    expect(running.store.deliveries.get(three)).toMatchObject({ text: '', turnId: null })
    await refused(ops.queue.cancel({ target: one }), 'conflict', 'is in Codex already, in turn')
    await refused(ops.queue.edit({ message: three, text: 'x' }), 'conflict', 'was cancelled')
  })

  it('is cancelled as a whole, and refuses what it does not know', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await busyLane(place, running)
    const [one = '', two = ''] = await queueAll(running, ['reply: 1', 'reply: 2'])
    const ops = running.ops()
    const { id } = await ops.get({ lane: '@a' })
    await refused(ops.queue.get({ message: 'nope' }), 'not_found')
    await refused(ops.queue.cancel({ target: id }), 'not_found', 'is a lane')
    await refused(ops.queue.move({ message: one }), 'validation')
    await refused(ops.queue.move({ message: one, first: true, last: true }), 'validation')
    await refused(ops.queue.move({ message: one, before: one }), 'validation')
    await expect(ops.queue.edit({ message: one, text: ' ' })).rejects.toThrow()
    const long = 'x'.repeat(2 * 1_048_576)
    await expect(ops.queue.edit({ message: one, text: long })).rejects.toThrow()
    const { cancelled } = await ops.queue.cancel({ target: '@a', all: true })
    expect(cancelled.map((row) => row.id)).toEqual([one, two])
    place.model.open('g')
    await ops.wait({ lanes: ['@a'] })
    expect(asked(place)).toEqual(['gate: g'])
  })

  it('is paused by a person beyond the turn that runs, and resumed', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await busyLane(place, running)
    const ops = running.ops()
    expect(await ops.queue.pause({ lane: '@a' })).toMatchObject({
      queue: { held: true, hold: 'person' },
      notes: [expect.stringContaining('goes on')],
    })
    // Paused twice is paused once.
    await ops.queue.pause({ lane: '@a' })
    const [one] = await queueAll(running, ['reply: 1'])
    place.model.open('g')
    await running.event(({ type }) => type === 'turn.completed')
    expect(await ops.queue.list({ lane: '@a' })).toMatchObject({
      messages: [{ id: one, hold: 'person', state: 'queued' }],
    })
    expect(await ops.queue.resume({ lane: '@a' })).toMatchObject({ queue: { held: false } })
    await ops.wait({ lanes: ['@a'] })
    expect(asked(place)).toEqual(['gate: g', 'reply: 1'])
    const told: unknown[] = []
    await running.event(({ type, data }) => {
      if (type === 'queue.paused' || type === 'queue.resumed') told.push([type, data.waiting])
      return type === 'queue.resumed'
    })
    expect(told).toEqual([
      ['queue.paused', 0],
      ['queue.resumed', 1],
    ])
  })

  it('goes on after a failure once it is resumed', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await busyLane(place, running)
    await queueAll(running, ['fail: http 400', 'reply: after'])
    place.model.open('g')
    await running.event(({ type }) => type === 'turn.failed')
    const ops = running.ops()
    const { queue } = await ops.get({ lane: '@a' })
    expect(queue).toMatchObject({ count: 1, held: true, hold: 'failed' })
    expect(queue.holdDetail).not.toBeNull()
    expect(await ops.daemon.status({})).toMatchObject({
      deliveries: { queued: 1 },
      queues: { lanes: 1, held: 1 },
      warnings: [expect.stringMatching(/^@a holds .*, then dispatch queue resume /) as string],
    })
    await ops.queue.resume({ lane: '@a' })
    const waited = await ops.wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ lastMessage: 'after' }])
  })
})

describe('deliveries', () => {
  it('are listed page by page, and found by the beginning of their id', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const ops = running.ops()
    await ops.new({ name: 'a', text: 'reply: 0', wait: true })
    const id = '01990000-0000-7000-8000-00000000abcd'
    const sent = running.ops({ id }).send({ lane: '@a', text: 'reply: 1', wait: true })
    expect((await sent).delivery.id).toBe(id)
    const first = await ops.delivery.list({ limit: 1 })
    expect(first.deliveries).toMatchObject([{ id, handle: '@a', outcome: 'completed' }])
    const rest = await ops.delivery.list({ limit: 5, cursor: first.nextCursor ?? '' })
    expect(rest).toMatchObject({ deliveries: [{ state: 'accepted' }], nextCursor: null })
    expect(await ops.delivery.list({ lane: '@a', state: 'failed' })).toMatchObject({
      deliveries: [],
    })
    const got = await ops.delivery.get({ delivery: id.slice(0, 8) })
    expect(got).toMatchObject({ id, textKept: false, retriedBy: null })
    await refused(ops.delivery.get({ delivery: id.slice(0, 7) }), 'not_found')
    await refused(ops.delivery.list({ cursor: 'x' }), 'validation')
    await refused(ops.queue.get({ message: id }), 'conflict')
    await refused(ops.delivery.discard({ delivery: id }), 'conflict')
  })

  it('are sent again as new ones that say so', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const ops = running.ops()
    await ops.new({ name: 'a', send: false })
    const input = { lane: '@a', text: 'fail: http 400', wait: true } as const
    const { id } = (await ops.send(input)).delivery
    await refused(ops.delivery.retry({ delivery: id }), 'validation', 'the text')
    const made = await running.ops().delivery.retry({ delivery: id, text: 'reply: again' })
    expect(made).toMatchObject({ retryOf: id, mode: 'queue', state: 'accepted' })
    await ops.wait({ lanes: ['@a'] })
    expect(await ops.delivery.get({ delivery: id })).toMatchObject({ retriedBy: made.id })
    await refused(running.ops().delivery.retry({ delivery: id, text: 'x' }), 'conflict', made.id)
  })

  it('that nobody can judge are looked at again, given up, or sent again', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const ops = running.ops()
    await ops.new({ name: 'a', text: 'reply: 0', wait: true })
    const make = (): string => makeUnjudged(running.store)
    const first = make()
    const waiting = await running.ops().send({ lane: '@a', text: 'reply: 1', mode: 'queue' })
    expect(waiting.delivery.state).toBe('queued')
    expect((await ops.queue.list({})).messages).toMatchObject([
      { id: first, state: 'ambiguous', position: null },
      { position: 1 },
    ])
    await expect(running.ops().send({ lane: '@a', text: 'x' })).rejects.toMatchObject({
      cause: { hint: expect.stringContaining('dispatch delivery list --lane') },
    })
    expect(await ops.delivery.discard({ delivery: first })).toMatchObject({ state: 'discarded' })
    await ops.wait({ lanes: ['@a'] })
    const second = make()
    expect(await running.ops().delivery.retry({ delivery: second })).toMatchObject({
      retryOf: second,
    })
    await ops.wait({ lanes: ['@a'] })
    expect(await ops.delivery.get({ delivery: second })).toMatchObject({ state: 'discarded' })
    const third = make()
    expect(await ops.delivery.reconcile({ target: '@a' })).toMatchObject({
      deliveries: [{ id: third, state: 'failed' }],
    })
    expect(asked(place)).toEqual(['reply: 0', 'reply: 1', 'reply: lost'])
  })
})

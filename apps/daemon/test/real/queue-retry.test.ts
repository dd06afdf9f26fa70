import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../composed.ts'

const configure = (place: Place, text: string): void => {
  mkdirSync(join(place.root, 'home'), { recursive: true })
  writeFileSync(join(place.root, 'home', 'config.toml'), text)
}

const asked = ({ model }: Place): string[] =>
  model.requests.flatMap(({ prompt }) => (prompt?.kind === 'user' ? [prompt.text] : []))

describe('a failure that time heals', () => {
  it('is tried again by itself, in its place, until it goes well', async () => {
    await using place = await makePlace()
    configure(place, '[retry]\nattempts = 5\ncap_seconds = 0.1\n')
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g' })
    await place.model.waitForGate('g')
    const text = 'reply: there'
    let failures = 2
    place.model.setScenario(({ prompt }) => {
      if (prompt?.text !== text || failures === 0) return undefined
      failures -= 1
      return 'fail: rate_limit_exceeded'
    })
    const sent = await running.ops().send({ lane: '@a', text, mode: 'queue' })
    await running.ops().send({ lane: '@a', text: 'reply: next', mode: 'queue' })
    place.model.open('g')
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ outcome: 'completed', lastMessage: 'next' }])
    expect(asked(place)).toEqual(['gate: g', text, text, text, 'reply: next'])
    const first = await running.ops().delivery.get({ delivery: sent.delivery.id })
    expect(first).toMatchObject({ outcome: 'failed', textKept: false })
    const second = await running.ops().delivery.get({ delivery: first.retriedBy ?? '' })
    expect(second).toMatchObject({ outcome: 'failed', attempt: 1, retryOf: first.id })
    const third = await running.ops().delivery.get({ delivery: second.retriedBy ?? '' })
    expect(third).toMatchObject({ outcome: 'completed', attempt: 2, retriedBy: null })
  })

  it.each([
    [2, null, { outcome: 'completed' }, 'there'],
    [3, { code: 'turn_failed' }, { outcome: 'failed' }, null],
  ])('is waited for by its sender: %i failures', async (count, error, last, lastMessage) => {
    await using place = await makePlace()
    configure(place, '[retry]\nattempts = 2\ncap_seconds = 0.1\n')
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const text = `fail: rate_limit_exceeded x${count}\nreply: there`
    let failures = count
    place.model.setScenario(({ prompt }) => {
      if (prompt?.text !== text) return undefined
      failures -= 1
      return failures >= 0 ? 'fail: rate_limit_exceeded' : 'reply: there'
    })
    const sent = { lane: '@a', text, mode: 'queue', wait: true, idempotencyKey: 'k' } as const
    const answer = await running.ops().send(sent)
    expect(answer).toMatchObject({ delivery: last, lastMessage })
    if (error === null) expect(answer.error).toBeNull()
    else expect(answer.error).toMatchObject(error)
    const { retryOf } = answer.delivery
    const middle = await running.ops().delivery.get({ delivery: retryOf ?? '' })
    const { retryOf: first } = middle
    expect(middle).toMatchObject({ outcome: 'failed', attempt: 1 })
    // Made again, it is waited for again; without the wait it is the receipt of its first try.
    expect((await running.ops().send(sent)).delivery.id).toBe(answer.delivery.id)
    const { delivery } = await running.ops().send({ ...sent, wait: false })
    expect(delivery).toMatchObject({ id: first, outcome: 'failed' })
  })

  it('shows the next try, survives the daemon, and is tried at once on resume', async () => {
    await using place = await makePlace()
    configure(place, '[retry]\ncap_seconds = 3600\n')
    const text = 'fail: server_is_overloaded x12\nreply: there'
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', send: false })
      await first.ops().send({ lane: '@a', text, mode: 'queue' })
      await first.event(({ type }) => type === 'turn.failed')
      const [row] = first.store.deliveries.unsettled()
      if (!row) throw new Error('nothing waits')
      first.store.deliveries.update(row.id, { notBefore: Date.now() + 3_600_000 })
    }
    await using second = place.start()
    await second.event(({ type }) => type === 'codex.joined')
    const { queue } = await second.ops().get({ lane: '@a' })
    expect(queue).toMatchObject({ count: 1, held: false, hold: null })
    expect(Date.parse(queue.nextAttemptAt ?? '')).toBeGreaterThan(Date.now() + 3_000_000)
    expect((await second.ops().queue.list({})).messages).toMatchObject([{ attempt: 1 }])
    const before = asked(place).length
    await second.ops().queue.resume({ lane: '@a' })
    await second.event(
      ({ type, data }) => type === 'delivery.queued' && data.retryOf === queue.head,
    )
    expect(asked(place).length).toBeGreaterThan(before)
    await second.ops().queue.cancel({ target: '@a', all: true })
  })

  it('holds the queue after the last attempt, as any other failure does', async () => {
    await using place = await makePlace()
    configure(place, '[retry]\nattempts = 1\ncap_seconds = 0.1\n')
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await running.ops().queue.pause({ lane: '@a' })
    const text = 'fail: insufficient_quota'
    await running.ops().send({ lane: '@a', text, mode: 'queue' })
    await running.ops().send({ lane: '@a', text: 'reply: never', mode: 'queue' })
    await running.ops().queue.resume({ lane: '@a' })
    await running.ops().wait({ lanes: ['@a'] })
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      queue: { count: 1, held: true, hold: 'failed' },
    })
    expect(asked(place)).toEqual([text, text])
  })
})

describe('max_active_turns', () => {
  it('bounds how many lanes work at once, and is fair to short queues', async () => {
    await using place = await makePlace()
    configure(place, '[limits]\nmax_active_turns = 1\n')
    await using running = place.start()
    for (const name of ['a', 'b', 'c']) await running.ops().new({ name, send: false })
    await running.ops().send({ lane: '@a', text: 'gate: g' })
    await place.model.waitForGate('g')
    for (const text of ['reply: a1', 'reply: a2', 'reply: a3']) {
      await running.ops().send({ lane: '@a', text, mode: 'queue' })
    }
    await running.ops().send({ lane: '@b', text: 'reply: b1', mode: 'queue' })
    await running.ops().send({ lane: '@c', text: 'reply: c1', mode: 'queue' })
    await expect(running.ops().send({ lane: '@b', text: 'x' })).rejects.toMatchObject({
      cause: { code: 'lane_busy', hint: expect.stringContaining('--queue') },
    })
    const made = await running.ops().new({ name: 'd', text: 'reply: d1' })
    expect(made.delivery).toMatchObject({ mode: 'queue', state: 'queued' })
    expect(made.notes).toEqual([
      'The message waits: as many lanes work as may ([limits] max_active_turns).',
    ])
    place.model.open('g')
    await running.ops().wait({ lanes: ['@a', '@b', '@c', '@d'] })
    const order = asked(place)
    expect(order.toSorted()).toEqual(
      ['gate: g', ...['a1', 'a2', 'a3', 'b1', 'c1', 'd1'].map((one) => `reply: ${one}`)].toSorted(),
    )
    // The lanes with one message each wait for no more than one of the long queue.
    expect(order.indexOf('reply: d1')).toBeLessThan(order.indexOf('reply: a2'))
    const turns = ['a', 'b', 'c', 'd'].flatMap((name) => {
      const lane = running.store.lanes.byLiveHandle(`@${name}`)
      return lane ? [lane.threadId] : []
    })
    const { rows } = running.store.events.readAfter({
      afterSeq: 0,
      threadIds: turns,
      types: ['turn.started', 'turn.completed'],
      limit: 100,
    })
    let active = 0
    for (const { type } of rows) {
      active += type === 'turn.started' ? 1 : -1
      expect(active).toBeLessThanOrEqual(1)
    }
  })
})

import type { ModelSimulator } from '@dispatch/model-simulator'
import { describe, expect, it } from 'vitest'
import { makePlace, type RunningDaemon } from '../composed.ts'

/** What people said to the model, in the order in which it was asked. */
const asked = (model: ModelSimulator): string[] =>
  model.requests.flatMap(({ prompt }) => (prompt?.kind === 'user' ? [prompt.text] : []))

const until = (running: RunningDaemon, type: string, id: string) =>
  running.event((event) => event.type === type && event.data.deliveryId === id)

describe('a queue on the real Codex', () => {
  it('takes its messages one by one, in their order', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g' })
    await place.model.waitForGate('g')
    const texts = ['reply: 1', 'reply: 2', 'reply: 3', 'reply: 4', 'reply: 5']
    const ids: string[] = []
    for (const text of texts) {
      const { delivery, error } = await running.ops().send({ lane: '@a', text, mode: 'queue' })
      expect({ delivery, error }).toMatchObject({ delivery: { state: 'queued' }, error: null })
      ids.push(delivery.id)
    }
    const { deliveries } = await running.ops().get({ lane: '@a' })
    expect(deliveries.map(({ id }) => id)).toEqual(ids)
    place.model.open('g')
    expect((await running.ops().wait({ lanes: ['@a'] })).lanes[0]?.lastMessage).toBe('5')
    expect(asked(place.model)).toEqual(['gate: g', ...texts])
    const turns = ids.map((id) => running.store.deliveries.get(id))
    expect(turns.every((row) => row?.outcome === 'completed' && row.landed === 'turn')).toBe(true)
    expect(new Set(turns.map((row) => row?.turnId)).size).toBe(5)
  })

  it('starts at once on an idle lane, and answers at the end of the turn', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const now = await running.ops().send({ lane: '@a', text: 'reply: now', mode: 'queue' })
    expect(now.delivery).toMatchObject({ state: 'accepted', mode: 'queue' })
    const input = { lane: '@a', text: 'reply: then', mode: 'queue', wait: true } as const
    expect((await running.ops().send(input)).lastMessage).toBe('then')
  })

  it('runs one message under settings of its own', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', effort: 'low', text: 'gate: g' })
    const queue = (text: string, effort?: string) =>
      running.ops().send({ lane: '@a', text, mode: 'queue', ...(effort ? { effort } : {}) })
    await queue('reply: 1', 'high')
    await queue('reply: 2')
    place.model.open('g')
    await running.ops().wait({ lanes: ['@a'] })
    const efforts = place.model.requests.filter(({ prompt }) => prompt?.kind === 'user')
    expect(efforts.map(({ effort }) => effort)).toEqual(['low', 'high', 'low'])
  })

  it.each([
    ['was stopped', 'gate: g', 'interrupted'],
    ['failed', 'fail: http 500', 'failed'],
  ])('is held by a turn that %s, until one completes', async (_how, text, outcome) => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: first' })
    await place.model.waitForGate('first')
    const waiting = await running.ops().send({ lane: '@a', text, mode: 'queue' })
    const held = await running.ops().send({ lane: '@a', text: 'reply: held', mode: 'queue' })
    place.model.open('first')
    await until(running, 'delivery.accepted', waiting.delivery.id)
    if (outcome === 'interrupted') {
      await place.model.waitForGate('g')
      await running.ops().stop({ lane: '@a' })
    }
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ met: true, outcome }])
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      flags: { held: true },
      deliveries: [{ id: held.delivery.id, state: 'queued' }],
    })
    // Behind it on a held lane it waits as well.
    const more = await running.ops().send({ lane: '@a', text: 'reply: more', mode: 'queue' })
    expect(more.delivery.state).toBe('queued')
    await running.ops().send({ lane: '@a', text: 'reply: on', wait: true })
    await running.ops().wait({ lanes: ['@a'] })
    expect(asked(place.model).slice(-3)).toEqual(['reply: on', 'reply: held', 'reply: more'])
  })

  it('goes on after the App Server was killed: a turn that was cut holds nothing', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g' })
    await place.model.waitForGate('g')
    await running.ops().send({ lane: '@a', text: 'reply: next', mode: 'queue' })
    process.kill(running.codexPid(), 'SIGKILL')
    await running.event(({ type }) => type === 'turn.interrupted')
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ outcome: 'completed', lastMessage: 'next' }])
    expect(asked(place.model).filter((text) => text === 'reply: next')).toHaveLength(1)
  })

  it('survives the daemon, and goes on with the next one', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', text: 'gate: g' })
      await place.model.waitForGate('g')
      for (const text of ['reply: 1', 'reply: 2']) {
        await first.ops().send({ lane: '@a', text, mode: 'queue' })
      }
    }
    place.model.open('g')
    await using second = place.start()
    const waited = await second.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ outcome: 'completed', lastMessage: '2' }])
    expect(asked(place.model)).toEqual(['gate: g', 'reply: 1', 'reply: 2'])
  })

  it('takes the same call once, and no other under its id', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g' })
    await place.model.waitForGate('g')
    const id = '01900000-0000-7000-8000-00000000abcd'
    const queue = (text: string, mode: 'queue' | 'context' = 'queue') =>
      running.ops({ id }).send({ lane: '@a', text, mode })
    expect((await queue('reply: x')).delivery.id).toBe(id)
    expect((await queue('reply: x')).delivery).toMatchObject({ id, state: 'queued' })
    await expect(queue('reply: y')).rejects.toMatchObject({ cause: { code: 'conflict' } })
    await expect(queue('reply: x', 'context')).rejects.toMatchObject({
      cause: { code: 'conflict' },
    })
    place.model.open('g')
    await running.ops().wait({ lanes: ['@a'] })
    expect((await queue('reply: x')).delivery).toMatchObject({ id, outcome: 'completed' })
    expect(asked(place.model)).toEqual(['gate: g', 'reply: x'])
  })

  it('is not for ephemeral lanes', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', ephemeral: true, text: 'reply: hi', wait: true })
    const sent = running.ops().send({ lane: '@a', text: 'x', mode: 'queue' })
    await expect(sent).rejects.toMatchObject({ cause: { code: 'validation' } })
  })
})

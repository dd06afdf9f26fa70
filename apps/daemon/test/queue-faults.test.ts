import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Scenario } from '@dispatch/fake-app-server'
import { makePlace, type RunningDaemon } from './composed.ts'

const gone = { do: 'error', code: -32600, message: 'no rollout found for thread id x' } as const

const busy: Scenario['turns'] = [{ stopAt: 'agentMessage/started' }, { reply: 'next' }]

const failureOf = (running: RunningDaemon, id: string) =>
  running.event(({ type, data }) => type === 'delivery.failed' && data.deliveryId === id)

describe('a steer that Codex refuses', () => {
  it.each([
    ['the turn is over', 'no active turn to steer', 'over', 'dispatch send '],
    ['another turn runs', 'expected active turn id `a` but found `b`', 'Another turn', '--steer'],
    [
      'nobody may steer it',
      'failed to submit turn input: ActiveTurnNotSteerable { turn_kind: Review }',
      'review',
      '--queue',
    ],
  ])('because %s is a precondition that failed', async (_why, message, said, hint) => {
    await using place = await makePlace({
      scenario: {
        turns: busy,
        methods: { 'turn/steer': [{ do: 'error', code: -32600, message }] },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'go' })
    await expect(
      running.ops().send({ lane: '@a', text: 'x', mode: 'steer' }),
    ).rejects.toMatchObject({
      cause: {
        code: 'validation',
        message: expect.stringContaining(said),
        hint: expect.stringContaining(hint),
      },
    })
    const failed = await running.event(({ type }) => type === 'delivery.failed')
    expect(failed.data.turnId).toBeNull()
    // The turn is as it was.
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      status: 'busy',
      deliveries: [],
    })
    await running.ops().stop({ lane: '@a' })
  })

  it('and one without an answer hinders neither a stop nor another one', async () => {
    await using place = await makePlace({
      scenario: {
        turns: busy,
        methods: { 'turn/steer': [{ do: 'silence', when: 'before', times: 1 }] },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'go' })
    const abort = new AbortController()
    const silent = running
      .ops({ signal: abort.signal })
      .send({ lane: '@a', text: 'one', mode: 'steer' })
      .catch(() => null)
    await running.event(({ type, data }) => type === 'delivery.submitting' && data.mode === 'steer')
    const second = await running.ops().send({ lane: '@a', text: 'two', mode: 'steer' })
    expect(second.delivery).toMatchObject({ state: 'accepted', landed: 'steered' })
    const { lanes } = await running.ops().stop({ lane: '@a' })
    expect(lanes).toMatchObject([{ stopped: true }])
    process.kill(running.codexPid(), 'SIGKILL')
    await running.event(({ type, data }) => type === 'delivery.failed' && data.turnId === null)
    await silent
  })
})

describe('context', () => {
  it('that Codex refuses has failed, and what waits behind it goes on', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'hi' }],
        methods: {
          'thread/inject_items': [{ do: 'error', code: -32600, message: 'no such luck' }],
        },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const sent = await running.ops().send({ lane: '@a', text: 'x', mode: 'context' })
    expect(sent).toMatchObject({
      delivery: { state: 'failed', failure: expect.stringContaining('no such luck') },
      error: { code: 'app_server' },
    })
    const again = await running.ops().send({ lane: '@a', text: 'y', mode: 'context' })
    expect(again.delivery.state).toBe('accepted')
    expect((await running.ops().get({ lane: '@a' })).flags.held).toBe(false)
  })

  it.each([
    ['before it was done', 'before', 'failed'],
    ['after it was done', 'after', 'accepted'],
  ] as const)('is judged by the rollout where the server died %s', async (_what, when, state) => {
    await using place = await makePlace({
      scenario: { methods: { 'thread/inject_items': [{ do: 'exit', when, times: 1 }] } },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const sent = await running.ops().send({ lane: '@a', text: 'x', mode: 'context' })
    expect(sent.delivery.state).toBe(state)
  })
})

describe('a queue', () => {
  it('hands its head over again that was lost before Codex had it', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'hi' }],
        methods: { 'turn/start': [{ do: 'close', when: 'before', times: 1 }] },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await running.ops().queue.pause({ lane: '@a' })
    const ids: string[] = []
    for (const text of ['one', 'two']) {
      const { delivery } = await running.ops().send({ lane: '@a', text, mode: 'queue' })
      ids.push(delivery.id)
    }
    await running.ops().queue.resume({ lane: '@a' })
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ outcome: 'completed' }])
    const tails = await running.ops().tail({ lane: '@a' })
    const said = tails.items.filter(({ type }) => type === 'userMessage').map(({ text }) => text)
    expect(said).toEqual(['one', 'two'])
    const [first] = ids
    expect(await running.ops().delivery.get({ delivery: first ?? '' })).toMatchObject({
      state: 'accepted',
      outcome: 'completed',
      attempt: 1,
      retriedBy: null,
    })
  })

  it('gives up a head that ends every App Server, and holds', async () => {
    await using place = await makePlace({
      scenario: { methods: { 'turn/start': [{ do: 'exit', when: 'before' }] } },
    })
    writeFileSync(join(place.root, 'home', 'config.toml'), '[retry]\nattempts = 1\n')
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const { delivery } = await running.ops().send({ lane: '@a', text: 'x', mode: 'queue' })
    const failed = await failureOf(running, delivery.id)
    expect(failed.data.failure).toContain('never had it')
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({ flags: { held: true } })
    expect(await running.ops().delivery.get({ delivery: delivery.id })).toMatchObject({
      state: 'failed',
      attempt: 1,
    })
  })

  it('fails its head where the thread is gone, holds, and keeps the rest', async () => {
    await using place = await makePlace({
      scenario: {
        turns: busy,
        methods: { 'thread/resume': [{ ...gone, times: 'always' }] },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'go' })
    const ids: string[] = []
    for (const text of ['one', 'two']) {
      const { delivery } = await running.ops().send({ lane: '@a', text, mode: 'queue' })
      ids.push(delivery.id)
    }
    process.kill(running.codexPid(), 'SIGKILL')
    const failed = await failureOf(running, ids[0] ?? '')
    expect(failed.data.failure).toContain('does not have the thread')
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      flags: { held: true },
      deliveries: [{ id: ids[1], state: 'queued' }],
    })
  })

  it('is held by a message that Codex refuses', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'first', deltas: 5, everyMs: 40 }, { reply: 'next' }],
        methods: {
          'turn/start': [{ do: 'error', code: -32600, message: 'no such luck', skip: 1 }],
        },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'go' })
    const bad = await running.ops().send({ lane: '@a', text: 'bad', mode: 'queue' })
    const next = await running.ops().send({ lane: '@a', text: 'next', mode: 'queue' })
    await failureOf(running, bad.delivery.id)
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      flags: { held: true },
      deliveries: [{ id: next.delivery.id, state: 'queued' }],
    })
  })

  it('waits behind a message of which nobody can tell whether Codex has it', async () => {
    await using place = await makePlace({ scenario: { turns: [{ reply: 'hi' }] } })
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'go', wait: true })
    const row = running.store.deliveries.get(made.delivery?.id ?? '')
    if (!row) throw new Error('no delivery')
    running.store.deliveries.insert({ ...row, id: 'lost', state: 'ambiguous' })
    const sent = await running.ops().send({ lane: '@a', text: 'x', mode: 'queue' })
    expect(sent).toMatchObject({ delivery: { state: 'queued' }, error: null })
    const interjection = running.ops().send({ lane: '@a', text: 'x', mode: 'interject' })
    await expect(interjection).rejects.toMatchObject({ cause: { code: 'validation' } })
  })

  it('keeps what waits through an archive, and starts nothing after the restore', async () => {
    await using place = await makePlace({ scenario: { turns: busy } })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'go' })
    const { delivery } = await running.ops().send({ lane: '@a', text: 'x', mode: 'queue' })
    await running.ops().archive({ lane: '@a', force: true })
    await expect(
      running.ops().send({ lane: delivery.laneId, text: 'y', mode: 'queue' }),
    ).rejects.toMatchObject({ cause: { code: 'validation' } })
    await running.ops().restore({ lane: delivery.laneId })
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      status: 'idle',
      flags: { held: true },
      deliveries: [{ id: delivery.id, state: 'queued' }],
    })
  })

  it('is taken without Codex, and lets the daemon leave', async () => {
    await using place = await makePlace({ scenario: { turns: busy } })
    let id = ''
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', text: 'go' })
      await first.ops().stop({ lane: '@a' })
    }
    {
      await using without = place.start({ DISPATCH_CODEX: '/nonexistent/codex' })
      const sent = await without.ops().send({ lane: '@a', text: 'x', mode: 'queue' })
      expect(sent).toMatchObject({ delivery: { state: 'queued' }, error: null })
      id = sent.delivery.id
    }
    await using last = place.start()
    await last.event(({ type }) => type === 'codex.joined')
    // Stopped by a person: it is held.
    expect((await last.ops().get({ lane: '@a' })).deliveries).toMatchObject([{ id }])
    expect(await last.ops().daemon.shutdown({ codex: true })).toMatchObject({ pid: process.pid })
  })
})

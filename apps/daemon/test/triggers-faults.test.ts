import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '@dispatch/fake-app-server'
import { DiskFullError, type Store } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { addLane } from './bench.ts'
import { makePlace } from './composed.ts'
import { add, comes, nth, runsOf } from './real/triggers/watching.ts'

const refuses = (times: number | 'always'): Scenario => ({
  turns: [{ reply: 'hi' }],
  methods: {
    'turn/start': [{ do: 'error', code: -32600, message: 'no such model', times }],
  },
})

describe('a trigger that Codex refuses', () => {
  it('rests after it has failed, and is given up when it fails again and again', async () => {
    await using place = await makePlace({ scenario: refuses('always') })
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await running.ops().new({ name: 'b', send: false })
    await add(running, { lane: '@a', seconds: 3_600 })
    await comes(running)
    await nth(running, 'trigger.failed')
    await comes(running)
    await running.event(
      ({ type, data }) => type === 'trigger.skipped' && data.reason === 'backing_off',
    )
    const resting = await running.ops().trigger.get({ trigger: 't' })
    expect(resting).toMatchObject({ state: 'active', failures: 1, fires: 0, lastFiredAt: null })
    const [first] = await runsOf(running)
    const rest = Date.parse(resting.backoffUntil ?? '') - Date.parse(first?.createdAt ?? '')
    expect(rest).toBeGreaterThanOrEqual(30_000)
    // Who fires it by hand does not wait.
    for (let times = 0; times < 4; times += 1) await running.ops().trigger.run({ trigger: 't' })
    const { state, reason } = await running.ops().trigger.get({ trigger: 't' })
    expect(state).toBe('disabled')
    expect(reason).toMatch(/^It failed 5 times in a row: .*no such model/)
    const [failed] = (await running.ops().trigger.runs({ outcome: 'failed' })).runs
    expect(failed).toMatchObject({ reason: 'error', delivery: { state: 'failed' } })
    const { entries } = await running.ops().daemon.log({ op: 'trigger.fire' })
    expect(entries.at(-1)).toMatchObject({ actor: 'trigger', outcome: 'app_server' })
  })

  it('begins anew when it fires again', async () => {
    await using place = await makePlace({ scenario: refuses(1) })
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await add(running, { lane: '@a', seconds: 3_600 })
    expect(await running.ops().trigger.run({ trigger: 't' })).toMatchObject({ outcome: 'failed' })
    expect(await running.ops().trigger.run({ trigger: 't' })).toMatchObject({ outcome: 'fired' })
    expect(await running.ops().trigger.get({ trigger: 't' })).toMatchObject({
      failures: 0,
      backoffUntil: null,
      fires: 1,
    })
  })

  it('leaves no lane behind that it made for nothing', async () => {
    await using place = await makePlace({ scenario: refuses('always') })
    await using running = place.start()
    await add(running, { seconds: 3_600, action: 'new' })
    expect(await running.ops().trigger.run({ trigger: 't' })).toMatchObject({ outcome: 'failed' })
    await running.event(({ type }) => type === 'lane.archived')
    expect((await running.ops().list({})).lanes).toEqual([])
  })

  it('leaves no lane behind whose turn was cut before its message was in it', async () => {
    await using place = await makePlace({
      scenario: { turns: [{ exitAt: 'userMessage/started' }, { reply: 'hi' }] },
    })
    await using running = place.start()
    await add(running, { seconds: 3_600, action: 'new' })
    expect(await running.ops().trigger.run({ trigger: 't' })).toMatchObject({ outcome: 'failed' })
    await running.event(({ type }) => type === 'turn.interrupted')
    await running.event(({ type }) => type === 'lane.archived')
    expect((await running.ops().list({})).lanes).toEqual([])
  })

  it.each(['before', 'after'] as const)(
    'has the lane put away, once, where the App Server is lost over that: %s it did so',
    async (when) => {
      const well: Scenario = { turns: [{ reply: 'hi' }] }
      const methods = { 'thread/archive': [{ do: 'exit', when }] } satisfies Scenario['methods']
      await using place = await makePlace({ scenario: { ...well, methods } })
      await using running = place.start()
      await nth(running, 'codex.started')
      // The next one is well.
      writeFileSync(join(place.root, 'scenario.json'), JSON.stringify(well))
      await add(running, { seconds: 3_600, action: 'new' })
      expect(await running.ops().trigger.run({ trigger: 't' })).toMatchObject({ outcome: 'fired' })
      await running.event(({ type }) => type === 'lane.archived')
      expect((await running.ops().list({})).lanes).toEqual([])
      await running.ops().restore({ lane: '@t' })
      process.kill(running.codexPid(), 'SIGKILL')
      // Whoever is set off behind it waits until all lanes were looked at.
      await nth(running, 'codex.started', { count: 3 })
      await running.ops().trigger.run({ trigger: 't' })
      expect((await running.ops().get({ lane: '@t' })).status).toBe('idle')
    },
  )

  it('does not hold up another one whose Codex answers', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'hi' }],
        methods: { 'turn/start': [{ do: 'silence', when: 'before', times: 1 }] },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await running.ops().new({ name: 'b', send: false })
    await add(running, { name: 'stuck', lane: '@a', seconds: 3_600 })
    await comes(running, 'stuck')
    await running.event(({ type }) => type === 'delivery.submitting')
    await comes(running, 'stuck')
    await nth(running, 'trigger.skipped', { name: 'stuck' })
    await add(running, { name: 'free', lane: '@b', seconds: 3_600 })
    await comes(running, 'free')
    await nth(running, 'trigger.fired', { name: 'free' })
    expect(await runsOf(running, 'stuck')).toMatchObject([
      { outcome: 'planned' },
      { outcome: 'skipped', reason: 'busy' },
    ])
    await running.ops().trigger.rm({ trigger: 'stuck' })
    process.kill(running.codexPid(), 'SIGKILL')
  })
})

describe('a daemon that ends', () => {
  it('has not failed over one that makes a lane, whose message Codex never had', async () => {
    const well: Scenario = { turns: [{ reply: 'hi' }] }
    await using place = await makePlace({
      scenario: {
        ...well,
        methods: { 'turn/start': [{ do: 'silence', when: 'before', times: 1 }] },
      },
    })
    let codex = 0
    {
      await using first = place.start()
      await add(first, { seconds: 3_600, action: 'new' })
      await comes(first)
      await first.event(({ type }) => type === 'delivery.submitting')
      codex = first.codexPid()
    }
    process.kill(codex, 'SIGKILL')
    writeFileSync(join(place.root, 'scenario.json'), JSON.stringify(well))
    await using second = place.start()
    await nth(second, 'trigger.skipped')
    expect(await runsOf(second)).toMatchObject([{ outcome: 'skipped', reason: 'not_running' }])
    const after = { failures: 0, backoffUntil: null, fires: 0 }
    expect(await second.ops().trigger.get({ trigger: 't' })).toMatchObject(after)
    await second.event(({ type }) => type === 'lane.archived')
  })

  it('waits for no answer of Codex, and leaves the occurrence to the next one', async () => {
    const well: Scenario = { turns: [{ reply: 'hi' }] }
    await using place = await makePlace({
      scenario: {
        ...well,
        methods: { 'turn/start': [{ do: 'silence', when: 'before', times: 1 }] },
      },
    })
    let codex = 0
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', send: false })
      await add(first, { lane: '@a', seconds: 3_600 })
      await comes(first)
      await first.event(({ type }) => type === 'delivery.submitting')
      codex = first.codexPid()
    }
    // It still has the request under way, so that nothing could be judged. The next one is well.
    process.kill(codex, 'SIGKILL')
    writeFileSync(join(place.root, 'scenario.json'), JSON.stringify(well))
    await using second = place.start()
    await nth(second, 'trigger.fired')
    await second.ops().wait({ lanes: ['@a'] })
    expect(await runsOf(second)).toMatchObject([
      { outcome: 'fired', delivery: { state: 'accepted', outcome: 'completed' } },
    ])
    expect(await second.ops().trigger.get({ trigger: 't' })).toMatchObject({
      failures: 0,
      backoffUntil: null,
    })
  })
})

describe('a registry that is full when a message is to be handed over', () => {
  it('keeps the occurrence, which is gone on with when there is room', async () => {
    let hasRoom = true
    const failed = Promise.withResolvers<void>()
    const hear = (message: string): void => {
      if (message === 'trigger.act-failed') failed.resolve()
    }
    // Full from the commit on that has an occurrence on disk.
    const registry = (store: Store): Store => {
      const checked =
        (run: Store['transaction']): Store['transaction'] =>
        (write) => {
          if (!store.inTransaction() && store.triggerRuns.planned().length > 0 && !hasRoom)
            throw new DiskFullError('the disk of registry.db is full', 'registry.db')
          return run(write)
        }
      return { ...store, transaction: checked(store.transaction), durable: checked(store.durable) }
    }
    await using place = await makePlace({
      scenario: { turns: [{ reply: 'hi' }] },
      registry,
      log: { debug: hear, info: hear, warn: hear, error: hear },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await add(running, { lane: '@a', seconds: 3_600, maxFires: 1 })
    hasRoom = false
    await comes(running)
    await failed.promise
    expect(await runsOf(running)).toMatchObject([{ outcome: 'planned' }])
    hasRoom = true
    await nth(running, 'trigger.fired')
    expect(await runsOf(running)).toMatchObject([{ outcome: 'fired' }])
    expect(await running.ops().trigger.get({ trigger: 't' })).toMatchObject({
      state: 'done',
      fires: 1,
    })
  })
})

describe('without a Codex', () => {
  it('what needs it is skipped, and what may wait is queued', async () => {
    await using place = await makePlace({ codex: '/absent/codex' })
    await using running = place.start()
    addLane(running.store, 'a', { effective: null })
    await add(running, { name: 'sends', lane: 'a', seconds: 3_600 })
    await add(running, { name: 'queues', lane: 'a', seconds: 3_600, action: 'queue' })
    const sent = await running.ops().trigger.run({ trigger: 'sends' })
    expect(sent).toMatchObject({ outcome: 'skipped', reason: 'codex_unavailable' })
    const queued = await running.ops().trigger.run({ trigger: 'queues' })
    expect(queued).toMatchObject({ outcome: 'fired', delivery: { state: 'queued' } })
    expect(await running.ops().trigger.get({ trigger: 'sends' })).toMatchObject({ failures: 0 })
  })

  it('what fell due while no daemon ran is on record, and lost without a word is nothing', async () => {
    await using place = await makePlace({ codex: '/absent/codex' })
    {
      await using first = place.start()
      addLane(first.store, 'a', { effective: null })
      await add(first, { name: 'sends', lane: 'a', seconds: 3_600 })
      await add(first, { name: 'queues', lane: 'a', seconds: 3_600, action: 'queue' })
      await add(first, { name: 'briefs', lane: 'a', seconds: 3_600, action: 'brief' })
      await add(first, { name: 'makes', seconds: 3_600, action: 'new' })
      const due = { nextAt: Date.now() - 1_000, scheduledAt: Date.now() - 1_000 }
      const armedAt = due.scheduledAt - 3_600_000
      const { triggers } = first.store
      for (const { id } of triggers.upcoming(9)) triggers.update(id, { armedAt, ...due })
    }
    await using second = place.start()
    const names = ['sends', 'makes', 'queues', 'briefs']
    await Promise.all([
      ...names.slice(0, 2).map((name) => nth(second, 'trigger.skipped', { name })),
      ...names.slice(2).map((name) => nth(second, 'trigger.fired', { name })),
    ])
    const runs = await Promise.all(names.map((name) => runsOf(second, name)))
    const gone = { outcome: 'skipped', reason: 'codex_unavailable' }
    const waits = { outcome: 'fired', delivery: { state: 'queued' } }
    expect(runs).toMatchObject([[gone], [gone], [waits], [waits]])
  })
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const complete = 'tool: update_goal {"status":"complete"}'

/** What the model was asked, a line a turn. */
const askedOf = ({ model }: Place): string[] =>
  model.requests.flatMap(({ prompt, toolOutputs }) =>
    prompt && toolOutputs.length === 0 ? [`${prompt.kind}: ${prompt.text}`] : [],
  )

const goalIs = (running: RunningDaemon, status: string) =>
  running.event(({ type, data }) => type === 'goal.changed' && data.status === status)

const goalOf = async (running: RunningDaemon, lane: string) =>
  (await running.ops().goal.status({ lane })).goal

const idle = (running: RunningDaemon, lane: string) =>
  running.ops().wait({ lanes: [lane], until: 'idle' })

/** Leaves the goal active with no turn, as an interruption at another client does. */
const halt = async (running: RunningDaemon, lane: string): Promise<void> => {
  const { id, activeTurn } = await running.ops().get({ lane })
  const client = await running.daemon.link.client()
  const params = { threadId: id, turnId: activeTurn?.id ?? '' }
  await client.request('turn/interrupt', params)
  await running.ops().wait({ lanes: [lane] })
}

/** A lane whose goal stands at a gate in its first turn. */
const atWork = async (running: RunningDaemon, place: Place, name = 'a') => {
  const goal = `gate: ${name}`
  const lane = await running.ops().new({ name, goal })
  await place.model.waitForGate(name)
  return { lane, goal }
}

describe('new with a goal', () => {
  it('sends the message first, and the goal goes on after it', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', goal: complete, text: 'gate: g' })
    expect(made).toMatchObject({ goalSet: true, messageAccepted: true, status: 'busy' })
    await place.model.waitForGate('g')
    await goalIs(running, 'active')
    const during = await running.ops().get({ lane: '@a' })
    expect(during).toMatchObject({
      goal: { status: 'active' },
      activeTurn: { id: made.latestTurn?.id },
    })
    expect(askedOf(place)).toEqual(['user: gate: g'])
    place.model.open('g')
    await goalIs(running, 'complete')
    await idle(running, '@a')
    expect(askedOf(place)).toEqual(['user: gate: g', `goal: ${complete}`])
    expect((await goalOf(running, '@a'))?.pausedFor).toBeNull()
  })

  it('waits for the turn of the message alone', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const input = { name: 'a', goal: 'gate: g', text: 'reply: mine', wait: true }
    const made = await running.ops().new(input)
    expect(made).toMatchObject({ lastMessage: 'mine', latestTurn: { status: 'completed' } })
    await place.model.waitForGate('g')
    expect(askedOf(place)).toEqual(['user: reply: mine', 'goal: gate: g'])
    await running.ops().stop({ lane: '@a' })
  })

  it('without a message begins at once', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', goal: `gate: g\n${complete}` })
    expect(made).toMatchObject({
      goalSet: true,
      messageAccepted: false,
      delivery: null,
      latestTurn: { status: 'started' },
    })
    place.model.open('g')
    await goalIs(running, 'complete')
    await idle(running, '@a')
    expect(askedOf(place)).toEqual([`goal: gate: g\n${complete}`])
  })

  it.each([{}, { text: 'reply: never' }])('with --no-send leaves it paused %j', async (more) => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', goal: complete, send: false, ...more })
    expect(made).toMatchObject({ goalSet: true, latestTurn: null, status: 'idle' })
    expect(made.notes.join()).toContain('The goal is paused')
    expect(await goalOf(running, '@a')).toMatchObject({ status: 'paused', pausedFor: null })
    expect(askedOf(place)).toEqual([])
    await running.ops().goal.set({ lane: '@a', status: 'active' })
    await goalIs(running, 'complete')
    expect(askedOf(place)).toEqual([`goal: ${complete}`])
  })

  it('takes it from a preset, and from a file of one', async () => {
    await using place = await makePlace()
    mkdirSync(join(place.work, '.dispatch'))
    const presets = '[presets.one]\ngoal = "one"\n[presets.two]\ngoal_file = "goal.md"\n'
    writeFileSync(join(place.work, '.dispatch', 'config.toml'), presets)
    writeFileSync(join(place.work, 'goal.md'), 'two\n')
    await using running = place.start()
    for (const name of ['one', 'two']) {
      await running.ops().new({ name, presets: [name], send: false })
      expect((await goalOf(running, `@${name}`))?.objective.trim()).toBe(name)
    }
    const lost = running.ops().new({ name: 'x', presets: ['one'], ephemeral: true })
    await expect(lost).rejects.toThrow('ephemeral lane has no goal')
  })

  it('is one lane, one message and one goal when the same call comes again', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const call = { id: '01900000-0000-7000-8000-aaaaaaaaaaaa' }
    const input = { name: 'a', goal: complete, text: 'reply: on' }
    const both = await Promise.all([running.ops(call).new(input), running.ops(call).new(input)])
    expect(both[0].id).toBe(both[1].id)
    await goalIs(running, 'complete')
    await idle(running, '@a')
    expect(askedOf(place)).toEqual(['user: reply: on', `goal: ${complete}`])
  })
})

describe('stop', () => {
  it('pauses the goal before it interrupts its turn, and nothing goes on', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { goal } = await atWork(running, place)
    const { lanes } = await running.ops().stop({ lane: '@a' })
    expect(lanes).toMatchObject([{ stopped: true, goalPaused: true, status: 'idle' }])
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      goal: { status: 'paused', pausedFor: null },
      latestTurn: { status: 'interrupted' },
      flags: { held: true },
    })
    place.model.open('a')
    const sent = await running.ops().send({ lane: '@a', text: 'reply: on', wait: true })
    expect(sent.lastMessage).toBe('on')
    expect((await goalOf(running, '@a'))?.status).toBe('paused')
    expect(askedOf(place)).toEqual([`goal: ${goal}`, 'user: reply: on'])
    await expect(running.ops().stop({ lane: '@a' })).rejects.toThrow('no active turn')
  })

  it('pauses a goal that has no turn just then, of all lanes too', async () => {
    await using place = await makePlace()
    await using running = place.start()
    for (const name of ['a', 'b', 'c']) await atWork(running, place, name)
    await halt(running, '@a')
    const one = await running.ops().stop({ lane: '@a' })
    expect(one.lanes).toMatchObject([{ stopped: false, goalPaused: true, turnId: null }])
    await halt(running, '@b')
    const all = await running.ops().stop({ all: true })
    const said = all.lanes.map(({ handle, stopped, goalPaused }) => [handle, stopped, goalPaused])
    expect(
      said.toSorted(([one = ''], [other = '']) => String(one).localeCompare(String(other))),
    ).toEqual([
      ['@b', false, true],
      ['@c', true, true],
    ])
    for (const name of ['@a', '@b', '@c']) {
      expect((await goalOf(running, name))?.status).toBe('paused')
      expect((await running.ops().get({ lane: name })).flags.held).toBe(true)
    }
    expect((await running.ops().stop({ all: true })).lanes).toEqual([])
  })

  it('leaves no goal running that began its next turn meanwhile', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', goal: 'reply: x', send: false })
    for (let turn = 0; turn < 8; turn += 1) {
      await running.ops().goal.set({ lane: '@a', status: 'active' })
      const [stopped] = (await running.ops().stop({ lane: '@a' })).lanes
      expect(stopped).toMatchObject({ goalPaused: true, status: 'idle' })
      const { id, latestTurn } = await running.ops().get({ lane: '@a' })
      const client = await running.daemon.link.client()
      const turns = await client.request('thread/turns/list', { threadId: id, limit: 1 })
      expect(turns.data[0]?.id).toBe(latestTurn?.id)
      const read = await client.request('thread/read', { threadId: id, includeTurns: false })
      expect(read.thread.status.type).toBe('idle')
    }
  })
})

describe('messages to a lane that works at a goal', () => {
  it('go first where no turn runs, and the goal goes on after', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { goal } = await atWork(running, place)
    const busy = running.ops().send({ lane: '@a', text: 'reply: no' })
    await expect(busy).rejects.toMatchObject({ cause: { code: 'lane_busy' } })
    expect((await goalOf(running, '@a'))?.status).toBe('active')
    await halt(running, '@a')
    const sent = await running.ops().send({ lane: '@a', text: 'reply: first', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'first', delivery: { landed: 'turn' } })
    await place.model.waitForGate('a')
    expect(await goalOf(running, '@a')).toMatchObject({ status: 'active', pausedFor: null })
    expect(askedOf(place)).toEqual([`goal: ${goal}`, 'user: reply: first', `goal: ${goal}`])
    await running.ops().stop({ lane: '@a' })
  })

  it('go first from the queue, all of them', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { goal } = await atWork(running, place)
    for (const text of ['reply: 1', 'reply: 2', 'reply: 3']) {
      await running.ops().send({ lane: '@a', text, mode: 'queue' })
    }
    expect(await goalOf(running, '@a')).toMatchObject({ status: 'paused', pausedFor: 'message' })
    place.model.open('a')
    await running.event(({ type, data }) => type === 'turn.completed' && data.lastMessage === '3')
    place.model.shut('a')
    await place.model.waitForGate('a')
    const queue = ['user: reply: 1', 'user: reply: 2', 'user: reply: 3']
    expect(askedOf(place).slice(0, 5)).toEqual([`goal: ${goal}`, ...queue, `goal: ${goal}`])
    expect(await goalOf(running, '@a')).toMatchObject({ status: 'active', pausedFor: null })
    await running.ops().stop({ lane: '@a' })
  })

  it('interrupt it, and it goes on after', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { goal } = await atWork(running, place)
    const input = { lane: '@a', text: 'reply: now', mode: 'interject', wait: true } as const
    expect((await running.ops().send(input)).lastMessage).toBe('now')
    await place.model.waitForGate('a')
    expect(askedOf(place)).toEqual([`goal: ${goal}`, 'user: reply: now', `goal: ${goal}`])
    await running.ops().stop({ lane: '@a' })
  })

  it('are found by the next daemon, which lets the goal go on after', async () => {
    await using place = await makePlace()
    let goal = ''
    {
      await using first = place.start()
      goal = (await atWork(first, place)).goal
      await first.ops().send({ lane: '@a', text: 'reply: later', mode: 'queue' })
    }
    await using second = place.start()
    place.model.open('a')
    await second.event(
      ({ type, data }) => type === 'turn.completed' && data.lastMessage === 'later',
    )
    place.model.shut('a')
    await place.model.waitForGate('a')
    expect(askedOf(place).slice(0, 3)).toEqual([
      `goal: ${goal}`,
      'user: reply: later',
      `goal: ${goal}`,
    ])
    expect(await goalOf(second, '@a')).toMatchObject({ status: 'active', pausedFor: null })
    await second.ops().stop({ lane: '@a' })
  })
})

describe('what needs an idle lane', () => {
  it('is refused while a goal is active, and done once it is paused', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { lane } = await atWork(running, place)
    await halt(running, '@a')
    const refused = { cause: { code: 'lane_busy' } }
    const { ops } = running
    await expect(ops().archive({ lane: '@a' })).rejects.toMatchObject(refused)
    await expect(ops().release({ lane: '@a' })).rejects.toMatchObject(refused)
    await expect(ops().detach({ lane: '@a' })).rejects.toMatchObject(refused)
    await expect(ops().compact({ lane: '@a' })).rejects.toMatchObject(refused)
    await expect(ops().rollback({ lane: '@a', turns: 1 })).rejects.toMatchObject(refused)
    await ops().archive({ lane: '@a', force: true })
    expect((await ops().get({ lane: lane.ref })).goal?.status).toBe('paused')
    expect((await ops().restore({ lane: lane.ref })).status).toBe('idle')
  })
})

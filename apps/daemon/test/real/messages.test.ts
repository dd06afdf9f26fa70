import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelRequest, ModelSimulator } from '@dispatch/model-simulator'
import { describe, expect, it } from 'vitest'
import { leftovers } from '../leftovers.ts'
import { makePlace, type RunningDaemon } from '../composed.ts'

const accepted = (running: RunningDaemon, id: string) =>
  running.event(({ type, data }) => type === 'delivery.accepted' && data.deliveryId === id)

/** Every text of the request's input, in its order. */
const textsOf = ({ rawBody }: ModelRequest): string[] => {
  type Item = { role?: string; content?: { text?: string }[] }
  const { input } = JSON.parse(rawBody) as { input: Item[] }
  return input.flatMap(({ role, content }) =>
    role === 'user' ? (content ?? []).map(({ text }) => text ?? '') : [],
  )
}

const lastRequest = (model: ModelSimulator): ModelRequest => {
  const last = model.requests.at(-1)
  if (!last) throw new Error('nothing was asked')
  return last
}

/** Ids of what the rollout has for the model. */
const rolloutIds = (running: RunningDaemon): unknown[] =>
  readFileSync(running.store.lanes.byLiveHandle('@a')?.rolloutPath ?? '', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { payload: { id?: string } }).payload.id)

const shell = { sandbox: 'danger-full-access', approvalPolicy: 'never' } as const

describe('steer', () => {
  it('goes into the turn that runs, and is accepted when Codex has it', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', ...shell, text: 'gate: g' })
    await place.model.waitForGate('g')
    const input = { lane: '@a', text: 'reply: steered', mode: 'steer', wait: true } as const
    const sent = await running.ops().send(input)
    expect(sent).toMatchObject({
      delivery: { state: 'accepted', mode: 'steer', landed: 'steered', outcome: 'completed' },
      turn: { id: made.latestTurn?.id, status: 'completed' },
      lastMessage: 'steered',
      error: null,
    })
    expect(textsOf(lastRequest(place.model)).slice(-2)).toEqual(['gate: g', 'reply: steered'])
    const { items } = await running.ops().tail({ lane: '@a', types: ['userMessage'] })
    expect(items.map(({ text, turnId }) => [text, turnId])).toEqual([
      ['gate: g', made.latestTurn?.id],
      ['reply: steered', made.latestTurn?.id],
    ])
  })

  it('waits for the tool that runs; several at once, and a stop, are possible meanwhile', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const text = 'shell: while [ ! -e go ]; do sleep 0.05; done'
    await running.ops().new({ name: 'a', ...shell, text })
    await running.event(
      ({ type, data }) => type === 'item.started' && data.type === 'commandExecution',
    )
    const id = (n: number) => `01900000-0000-7000-8000-00000000000${n}`
    const steer = (n: number) =>
      running
        .ops({ id: id(n) })
        .send({ lane: '@a', text: `reply: ${n}`, mode: 'steer', wait: true })
    const one = steer(1)
    const two = steer(2)
    for (const n of [1, 2]) {
      await running.event(
        ({ type, data }) => type === 'delivery.submitting' && data.deliveryId === id(n),
      )
    }
    const stopped = await running.ops().stop({ lane: '@a' })
    expect(stopped.lanes).toMatchObject([{ stopped: true }])
    for (const sent of [await one, await two]) {
      expect(sent.error).not.toBeNull()
      expect(['failed', 'accepted']).toContain(sent.delivery.state)
    }
  })

  it('is part of the turn after the tool', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const text = 'shell: while [ ! -e go ]; do sleep 0.05; done'
    await running.ops().new({ name: 'a', ...shell, text })
    await running.event(
      ({ type, data }) => type === 'item.started' && data.type === 'commandExecution',
    )
    const id = '01900000-0000-7000-8000-00000000000a'
    const input = { lane: '@a', text: 'reply: after', mode: 'steer', wait: true } as const
    const sending = running.ops({ id }).send(input)
    await running.event(
      ({ type, data }) => type === 'delivery.submitting' && data.deliveryId === id,
    )
    writeFileSync(`${place.work}/go`, '')
    expect(await sending).toMatchObject({ lastMessage: 'after', delivery: { landed: 'steered' } })
  })

  it('needs an active turn, and takes no settings', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'reply: hi', wait: true })
    const steer = (more: object) =>
      running.ops().send({ lane: '@a', text: 'x', mode: 'steer', ...more })
    await expect(steer({})).rejects.toMatchObject({
      cause: { code: 'validation', hint: expect.stringContaining('dispatch send ') },
    })
    await expect(steer({ effort: 'low' })).rejects.toMatchObject({
      cause: { code: 'validation', message: expect.stringContaining('--steer') },
    })
    expect(running.store.deliveries.unsettled()).toEqual([])
  })

  it('right after the start of a turn waits until Codex has told of it', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const first = running.ops().send({ lane: '@a', text: 'gate: g' })
    await running.event(({ type, data }) => type === 'lane.status-changed' && data.to === 'busy')
    const sent = await running
      .ops()
      .send({ lane: '@a', text: 'reply: s', mode: 'steer', wait: true })
    expect(sent).toMatchObject({ delivery: { landed: 'steered' }, lastMessage: 's' })
    expect((await first).delivery.state).toBe('accepted')
  })
})

describe('context', () => {
  it('reaches the model with the next turn, once, also after a restart of the daemon', async () => {
    await using place = await makePlace()
    let id = ''
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', send: false })
      const asked = place.model.requests.length
      const sent = await first.ops().send({ lane: '@a', text: 'The key is 7.', mode: 'context' })
      expect(sent.delivery).toMatchObject({
        state: 'accepted',
        mode: 'context',
        turnId: null,
        outcome: null,
      })
      expect(place.model.requests).toHaveLength(asked)
      id = sent.delivery.id
      expect(rolloutIds(first).filter((one) => one === `msg_dsp_${id}`)).toHaveLength(1)
    }
    await using second = place.start()
    await second.ops().send({ lane: '@a', text: 'reply: ok', wait: true })
    const texts = textsOf(lastRequest(place.model))
    expect(texts.filter((text) => text === 'The key is 7.')).toHaveLength(1)
    expect(texts.indexOf('The key is 7.')).toBeLessThan(texts.indexOf('reply: ok'))
  })

  it('survives the App Server', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'reply: hi', wait: true })
    await running.ops().send({ lane: '@a', text: 'The key is 7.', mode: 'context' })
    process.kill(running.codexPid(), 'SIGKILL')
    await running.event(({ type }) => type === 'codex.lost')
    await running.ops().send({ lane: '@a', text: 'reply: ok', wait: true })
    const texts = textsOf(lastRequest(place.model))
    expect(texts.filter((text) => text === 'The key is 7.')).toHaveLength(1)
  })

  it('waits on a busy lane and comes before what is queued, held or not', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'gate: g' })
    await place.model.waitForGate('g')
    await running.ops().send({ lane: '@a', text: 'reply: queued', mode: 'queue' })
    const sent = await running.ops().send({ lane: '@a', text: 'The key is 7.', mode: 'context' })
    expect(sent).toMatchObject({ delivery: { state: 'queued' }, error: null })
    await running.ops().stop({ lane: '@a' })
    await accepted(running, sent.delivery.id)
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      flags: { held: true },
      deliveries: [{ mode: 'queue', state: 'queued' }],
    })
    await running.ops().send({ lane: '@a', text: 'reply: on', wait: true })
    await running.ops().wait({ lanes: ['@a'] })
    const texts = textsOf(lastRequest(place.model))
    expect(texts.slice(-3)).toEqual(['The key is 7.', 'reply: on', 'reply: queued'])
  })

  it('goes to an ephemeral lane on the word of Codex', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', ephemeral: true, text: 'reply: hi', wait: true })
    const sent = await running.ops().send({ lane: '@a', text: 'The key is 7.', mode: 'context' })
    expect(sent.delivery).toMatchObject({ state: 'accepted' })
    await running.ops().send({ lane: '@a', text: 'reply: ok', wait: true })
    expect(textsOf(lastRequest(place.model))).toContain('The key is 7.')
  })

  it('has no turn to wait for, and takes no settings', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    for (const more of [{ wait: true }, { model: 'x' }]) {
      const sent = running.ops().send({ lane: '@a', text: 'x', mode: 'context', ...more })
      await expect(sent).rejects.toMatchObject({ cause: { code: 'validation' } })
    }
  })
})

describe('interject', () => {
  it('ends the turn with its shell command and goes before everything that waits', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const text = 'shell: echo pid $$; exec sleep 300'
    await running.ops().new({ name: 'a', ...shell, text })
    await running.event(
      ({ type, data }) => type === 'item.started' && data.type === 'commandExecution',
    )
    await running.ops().send({ lane: '@a', text: 'reply: queued', mode: 'queue' })
    const input = { lane: '@a', text: 'reply: now', mode: 'interject', wait: true } as const
    const sent = await running.ops().send(input)
    expect(sent).toMatchObject({
      delivery: { state: 'accepted', mode: 'interject', landed: 'turn', outcome: 'completed' },
      lastMessage: 'now',
      error: null,
    })
    expect(leftovers(String(running.store.runtime.get('home.id')))).toEqual([])
    const waited = await running.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ outcome: 'completed', lastMessage: 'queued' }])
    const said = place.model.requests.flatMap(({ prompt }) =>
      prompt?.kind === 'user' ? [prompt.text] : [],
    )
    expect(said.slice(-2)).toEqual(['reply: now', 'reply: queued'])
    const interrupted = await running.event(({ type }) => type === 'turn.interrupted')
    expect(interrupted.data.turnId).not.toBe(sent.turn?.id)
  })

  it('needs an active turn', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const sent = running.ops().send({ lane: '@a', text: 'x', mode: 'interject' })
    await expect(sent).rejects.toMatchObject({
      cause: { code: 'validation', hint: expect.stringContaining('dispatch send ') },
    })
  })

  it('overtakes a steer that waits for a tool', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', ...shell, text: 'shell: sleep 300' })
    await running.event(
      ({ type, data }) => type === 'item.started' && data.type === 'commandExecution',
    )
    const id = '01900000-0000-7000-8000-00000000000b'
    const steering = running
      .ops({ id })
      .send({ lane: '@a', text: 'never', mode: 'steer', wait: true })
    await running.event(
      ({ type, data }) => type === 'delivery.submitting' && data.deliveryId === id,
    )
    const input = { lane: '@a', text: 'reply: now', mode: 'interject', wait: true } as const
    expect((await running.ops().send(input)).lastMessage).toBe('now')
    expect((await steering).error).not.toBeNull()
  })

  it('that was taken is delivered once by the next daemon', async () => {
    await using place = await makePlace()
    const abort = new AbortController()
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', text: 'gate: g' })
      await place.model.waitForGate('g')
      const input = { lane: '@a', text: 'reply: now', mode: 'interject' } as const
      const sending = first
        .ops({ signal: abort.signal })
        .send(input)
        .catch(() => null)
      await first.event(({ type }) => type === 'delivery.queued')
      abort.abort()
      await sending
    }
    await using second = place.start()
    await second.event(({ type }) => type === 'turn.completed')
    const waited = await second.ops().wait({ lanes: ['@a'] })
    expect(waited.lanes).toMatchObject([{ lastMessage: 'now' }])
    const now = place.model.requests.filter(({ prompt }) => prompt?.text === 'reply: now')
    expect(now).toHaveLength(1)
  })
})

describe('an introduction', () => {
  it('says who sends, and how to reply', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const from = await running.ops().new({ name: 'boss', send: false })
    await running.ops().new({ name: 'a', send: false })
    const input = { lane: '@a', text: 'reply: yes', intro: true, wait: true }
    const sent = await running.ops({ threadId: from.id }).send(input)
    expect(sent.lastMessage).toBe('yes')
    expect(textsOf(lastRequest(place.model)).at(-1)).toBe(
      `[dispatch] From @boss (${from.ref}). Use dispatch_send with lane ${from.ref} to reply.\n\nreply: yes`,
    )
    const whole = 'x'.repeat(1_048_576)
    await expect(
      running.ops({ threadId: from.id }).send({ lane: '@a', text: whole, intro: true }),
    ).rejects.toMatchObject({ cause: { code: 'validation' } })
  })

  it('names the command to a lane that has no tool for it', async () => {
    await using place = await makePlace()
    writeFileSync(join(place.root, 'home/config.toml'), '[lane_tools]\nenabled = false\n')
    await using running = place.start()
    const from = await running.ops().new({ name: 'boss', send: false })
    await running.ops().new({ name: 'a', send: false })
    const input = { lane: '@a', text: 'reply: yes', intro: true, wait: true }
    await running.ops({ threadId: from.id }).send(input)
    expect(textsOf(lastRequest(place.model)).at(-1)).toBe(
      `[dispatch] From @boss (${from.ref}). Use dispatch send ${from.ref} ... to reply.\n\nreply: yes`,
    )
  })

  it.each([
    ['nobody', null],
    ['a thread that is no lane', '01900000-0000-7000-8000-0000000000ff'],
  ])('of %s is refused', async (_who, threadId) => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const sent = running.ops({ threadId }).send({ lane: '@a', text: 'x', intro: true })
    await expect(sent).rejects.toMatchObject({
      cause: { code: 'validation', hint: expect.stringContaining('--intro') },
    })
  })
})

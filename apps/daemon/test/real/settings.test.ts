import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../composed.ts'

const schema = {
  type: 'object',
  properties: { word: { type: 'string' } },
  required: ['word'],
  additionalProperties: false,
}
const refused = (code: string) => ({ cause: { code } })

const asked = (place: Place) =>
  place.model.requests
    .filter(({ prompt }) => prompt?.kind === 'user')
    .map(({ effort, model, serviceTier, schema: fits, rawBody }) => ({
      effort,
      model,
      serviceTier,
      schema: fits,
      summary: (JSON.parse(rawBody) as { reasoning?: { summary?: string } }).reasoning?.summary,
    }))

const own = {
  effort: undefined,
  model: 'simulated-model',
  serviceTier: undefined,
  schema: undefined,
  summary: 'auto',
}

describe('settings of a lane on the real Codex', () => {
  it('reach the model with every turn; what one message overrides holds for its turn alone', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const settings = {
      effort: 'low',
      summary: 'detailed' as const,
      serviceTier: 'priority',
      model: 'gpt-6-sol',
    }
    const lane = await running.ops().new({ name: 'a', ...settings, text: 'reply: 1', wait: true })
    expect(lane.effective).toMatchObject({ effort: 'low', model: 'gpt-6-sol' })
    const send = (text: string, over: object) =>
      running.ops().send({ lane: lane.ref, text, wait: true, ...over })
    await send('{"word":"x"}', {
      effort: 'high',
      summary: 'none',
      serviceTier: 'default',
      outputSchema: schema,
    })
    await send('reply: 3', {})
    const told = { ...settings, schema: undefined }
    expect(asked(place)).toEqual([
      told,
      { ...told, effort: 'high', summary: undefined, serviceTier: undefined, schema },
      told,
    ])
  })

  it('that nobody set stay with Codex after an override, the effort too', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await running.ops().new({ name: 'a', text: 'reply: 1', wait: true })
    const over = { effort: 'high', model: 'other', summary: 'detailed' as const }
    const send = (text: string, settings = {}) =>
      running.ops().send({ lane: lane.ref, text, wait: true, ...settings })
    await send('reply: 2', over)
    await send('reply: 3')
    await send('reply: 4')
    expect(asked(place)).toEqual([own, { ...own, ...over }, own, own])
    expect((await running.ops().get({ lane: lane.ref })).settings).toEqual({})
  })

  it('are changed by set, and taken back, also across a restart of both', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', effort: 'low', text: 'reply: 1', wait: true })
      const set = await first.ops().set({ lane: '@a', effort: 'high', outputSchema: schema })
      expect(set).toMatchObject({
        changed: ['effort', 'outputSchema'],
        settings: { effort: 'high', outputSchema: schema },
        notes: [],
      })
      const event = await first.event(({ type }) => type === 'lane.settings-changed')
      expect(event.data).toEqual({ changed: ['effort', 'outputSchema'], unset: [] })
      await first.ops().send({ lane: '@a', text: 'x', wait: true })
      const unset = await first.ops().set({ lane: '@a', unset: ['effort', 'output-schema'] })
      expect(unset.settings).toEqual({})
      expect(await first.ops().get({ lane: '@a' })).toMatchObject({ effective: { effort: null } })
      await first.daemon.link.end()
    }
    await using second = place.start()
    await second.ops().send({ lane: '@a', text: 'reply: 3', wait: true })
    expect(asked(place)).toEqual([
      { ...own, effort: 'low' },
      { ...own, effort: 'high', schema },
      own,
    ])
    const { entries } = await second.ops().daemon.log({ op: 'set' })
    expect(entries.map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
  })

  it('of the sandbox come back to what Codex decides for the directory', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const write = 'shell: touch made && echo done'
    await running.ops().new({
      name: 'a',
      sandbox: 'workspace-write',
      approvalPolicy: 'never',
      text: write,
      wait: true,
    })
    await running.ops().set({ lane: '@a', unset: ['sandbox'] })
    const sent = await running.ops().send({ lane: '@a', text: write, wait: true })
    expect(sent.lastMessage).toContain('Read-only file system')
    expect((await running.ops().get({ lane: '@a' })).effective?.sandbox).toBe('read-only')
  })

  it('that Codex takes at a load hold from the next message on', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({
      name: 'a',
      sandbox: 'read-only',
      approvalPolicy: 'never',
      env: { WORD: 'plum' },
      baseInstructions: 'Be brief.',
      text: 'shell: env',
      wait: true,
    })
    await running.ops().set({ lane: '@a', env: { WORD: 'pear' }, baseInstructions: 'Be exact.' })
    await running.ops().send({ lane: '@a', text: 'shell: env', wait: true })
    const { items } = await running.ops().tail({ lane: '@a', types: ['commandExecution'] })
    expect(items.map(({ text }) => /WORD=(\w+)/.exec(text)?.[1])).toEqual(['plum', 'pear'])
    expect(place.model.requests.map(({ instructions }) => instructions[0])).toContain('Be exact.')
    const events = await running.ops().tail({ lane: '@a', types: ['userMessage'] })
    expect(events.items).toHaveLength(2)
  })

  it('are refused where they could not take effect, or say nothing', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const set = (input: object) => running.ops().set({ lane: '@a', ...input })
    await running.ops().new({ name: 'a', send: false })
    // Before its first turn a lane takes them.
    await set({ developerInstructions: 'You are lane a.' })
    await running.ops().send({ lane: '@a', text: 'reply: 1', wait: true })
    expect(place.model.requests.at(-1)?.instructions).toContain('You are lane a.')
    await expect(set({ developerInstructions: 'late' })).rejects.toMatchObject(
      refused('validation'),
    )
    await expect(set({})).rejects.toMatchObject(refused('validation'))
    await expect(set({ effort: 'low', unset: ['effort'] })).rejects.toMatchObject(
      refused('validation'),
    )
    await expect(set({ addDir: ['/no/such/directory'] })).rejects.toMatchObject(
      refused('validation'),
    )
    expect((await set({ unset: ['model'] })).notes).toEqual(['Nothing is different.'])
    await running.ops().new({ name: 'b', ephemeral: true, text: 'reply: 1', wait: true })
    await expect(running.ops().set({ lane: '@b', env: { A: '1' } })).rejects.toMatchObject(
      refused('validation'),
    )
    await running.ops().archive({ lane: '@a' })
    await expect(running.ops().set({ lane: '@a', effort: 'low' })).rejects.toMatchObject(
      refused('not_found'),
    )
  })
})

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const refused = (code: string) => ({ cause: { code } })
const complete = 'tool: update_goal {"status":"complete"}'

const askedOf = ({ model }: Place) =>
  model.requests.flatMap(({ prompt, toolOutputs }) =>
    prompt && toolOutputs.length === 0 ? [`${prompt.kind}: ${prompt.text}`] : [],
  )

const goalIs = (running: RunningDaemon, status: string | null) =>
  running.event(({ type, data }) => type === 'goal.changed' && data.status === status)

const idle = (running: RunningDaemon, lane: string) =>
  running.ops().wait({ lanes: [lane], until: 'idle' })

describe('goals on the real Codex', () => {
  it('are set, worked at turn after turn until they are complete, and told', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const set = await running.ops().goal.set({ lane: '@a', objective: `gate: g\n${complete}` })
    expect(set).toMatchObject({ status: 'busy', goal: { status: 'active', tokenBudget: null } })
    expect(set.notes.join()).toContain('by itself')
    await place.model.waitForGate('g')
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({
      goalStatus: 'active',
      goal: { status: 'active', pausedFor: null },
      deliveries: [],
    })
    place.model.open('g')
    await goalIs(running, 'complete')
    await idle(running, '@a')
    const { goal, origin } = await running.ops().goal.status({ lane: '@a' })
    expect(origin).toBe('codex')
    expect(goal).toMatchObject({ status: 'complete' })
    expect((await running.ops().list({})).lanes).toMatchObject([{ goalStatus: 'complete' }])
    expect(askedOf(place)).toEqual([`goal: gate: g\n${complete}`])
    const { entries } = await running.ops().daemon.log({ op: 'goal.set' })
    expect(entries).toMatchObject([{ outcome: 'ok', detail: { textLength: 47 } }])
  })

  it('stop when their budget is spent, and go on with a larger one', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await running
      .ops()
      .goal.set({ lane: '@a', objective: 'reply: still at it', tokenBudget: 30_000 })
    await goalIs(running, 'budgetLimited')
    await idle(running, '@a')
    const spent = await running.ops().goal.status({ lane: '@a' })
    expect(spent.goal?.tokensUsed).toBeGreaterThanOrEqual(30_000)
    const turns = askedOf(place).length
    expect(turns).toBeGreaterThan(1)
    const again = await running.ops().goal.set({ lane: '@a', status: 'active' })
    expect(again).toMatchObject({ goal: { status: 'budgetLimited' } })
    expect(again.notes.join()).toContain('--token-budget')
    const more = (spent.goal?.tokensUsed ?? 0) + 10_000
    await running.ops().goal.set({ lane: '@a', status: 'active', tokenBudget: more })
    await idle(running, '@a')
    expect(askedOf(place).length).toBeGreaterThan(turns)
  })

  it('keep what is not given, and are cleared', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const input = { lane: '@a', objective: 'one', status: 'paused', tokenBudget: 9 } as const
    await running.ops().goal.set(input)
    expect((await running.ops().goal.set({ lane: '@a', objective: 'two' })).goal).toMatchObject({
      objective: 'two',
      status: 'paused',
      tokenBudget: 9,
    })
    const blocked = await running.ops().goal.set({ lane: '@a', status: 'blocked' })
    expect(blocked.goal).toMatchObject({ objective: 'two', status: 'blocked' })
    expect(await running.ops().goal.clear({ lane: '@a' })).toMatchObject({
      goal: null,
      cleared: true,
    })
    expect((await running.ops().get({ lane: '@a' })).goal).toBeNull()
    expect(await running.ops().goal.clear({ lane: '@a' })).toMatchObject({ cleared: false })
    await goalIs(running, null)
  })

  it('are refused where they cannot be, with what helps', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    await running.ops().new({ name: 'brief', ephemeral: true, text: 'reply: x', wait: true })
    const old = await running.ops().new({ name: 'old', text: 'reply: x', wait: true })
    await running.ops().archive({ lane: '@old' })
    const set = (input: object) => running.ops().goal.set({ lane: '@a', ...input })
    await expect(set({ status: 'paused' })).rejects.toThrow('needs an objective')
    await expect(set({})).rejects.toThrow('Nothing to set')
    await expect(set({ objective: ' ' })).rejects.toThrow('must not be empty')
    await expect(set({ objective: 'x'.repeat(4_001) })).rejects.toThrow('at most 4000 characters')
    await expect(set({ objective: 'x', tokenBudget: 0 })).rejects.toThrow('must be positive')
    await expect(set({ objective: 'x', status: 'done' })).rejects.toThrow('Invalid option')
    const brief = { lane: '@brief', objective: 'x' }
    await expect(running.ops().goal.set(brief)).rejects.toThrow('is ephemeral')
    await expect(running.ops().goal.status({ lane: '@brief' })).rejects.toThrow('is ephemeral')
    await expect(running.ops().goal.clear({ lane: '@brief' })).rejects.toThrow('is ephemeral')
    await expect(running.ops().goal.set({ lane: old.ref, objective: 'x' })).rejects.toThrow(
      'is archived',
    )
    expect(await running.ops().goal.status({ lane: old.ref })).toMatchObject({ goal: null })
    const goal = await set({ objective: '😀'.repeat(4_000), status: 'paused' })
    expect(goal.goal.status).toBe('paused')
    const input = { name: 'b', goal: 'x', ephemeral: true }
    await expect(running.ops().new(input)).rejects.toMatchObject(refused('validation'))
    await expect(running.ops().new({ name: 'b', text: ' /goal do it' })).rejects.toThrow(
      'sets no goal',
    )
    expect((await running.ops().list({})).lanes).toHaveLength(2)
  })

  it('are read and not written on attached lanes', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const lane = await running.ops().new({ name: 'a', text: 'reply: x', wait: true })
    await running.ops().goal.set({ lane: '@a', objective: 'x', status: 'paused' })
    await running.ops().detach({ lane: '@a' })
    await running.ops().attach({ thread: lane.id })
    expect(await running.ops().goal.status({ lane: lane.id })).toMatchObject({
      source: 'attached',
      goal: { objective: 'x', status: 'paused' },
    })
    const set = running.ops().goal.set({ lane: lane.id, status: 'active' })
    await expect(set).rejects.toMatchObject(refused('authority'))
    await expect(running.ops().goal.clear({ lane: lane.id })).rejects.toMatchObject(
      refused('authority'),
    )
  })

  it('are told from the registry while Codex is away', async () => {
    await using place = await makePlace()
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', send: false })
      await first.ops().goal.set({ lane: '@a', objective: 'x', status: 'paused' })
      await first.daemon.link.end()
    }
    await using second = place.start({ DISPATCH_CODEX: '/nowhere/codex' })
    const { goal, origin } = await second.ops().goal.status({ lane: '@a' })
    expect(origin).toBe('registry')
    expect(goal).toMatchObject({ objective: 'x', status: 'paused' })
    expect((await second.ops().get({ lane: '@a' })).goal?.asOf).toBe(goal?.asOf)
    const set = second.ops().goal.set({ lane: '@a', status: 'active' })
    await expect(set).rejects.toMatchObject(refused('app_server'))
  })

  it('say that Codex has them switched off', async () => {
    await using place = await makePlace()
    appendFileSync(join(place.root, 'codex', 'config.toml'), '\n[features]\ngoals = false\n')
    await using running = place.start()
    await running.ops().new({ name: 'a', send: false })
    const set = running.ops().goal.set({ lane: '@a', objective: 'x' })
    await expect(set).rejects.toThrow('Goals are switched off')
    await expect(running.ops().goal.status({ lane: '@a' })).rejects.toThrow('switched off')
    const made = running.ops().new({ name: 'b', goal: 'x', text: 'reply: y' })
    await expect(made).rejects.toMatchObject({
      cause: { code: 'validation', details: { lane: { handle: '@b' } } },
    })
    expect(askedOf(place)).toEqual([])
  })

  it('of the model itself are seen, too', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await running.ops().new({
      name: 'a',
      text: 'tool: create_goal {"objective":"tool: update_goal {\\"status\\":\\"complete\\"}"}',
    })
    await goalIs(running, 'active')
    await goalIs(running, 'complete')
    await idle(running, '@a')
    expect((await running.ops().get({ lane: '@a' })).goal?.status).toBe('complete')
  })
})

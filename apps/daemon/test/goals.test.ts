// Goals where Codex does not do what it is asked.
import { describe, expect, it, vi } from 'vitest'
import { makePlace, type RunningDaemon } from './composed.ts'

// The mark goes a moment after Codex told that the goal is active, and without an event.
const goesOn = (running: RunningDaemon): Promise<void> =>
  vi.waitFor(async () => {
    const { goal } = await running.ops().goal.status({ lane: '@a' })
    expect(goal).toMatchObject({ status: 'active', pausedFor: null })
  })

describe('goals on a faulty Codex', () => {
  it('stay paused when the first message is refused, and the lane is named', async () => {
    const error = { do: 'error', code: -32_600, message: 'no', times: 1 } as const
    await using place = await makePlace({ scenario: { methods: { 'turn/start': [error] } } })
    await using running = place.start()
    const made = running.ops().new({ name: 'a', goal: 'ship', text: 'hi' })
    await expect(made).rejects.toMatchObject({
      cause: { code: 'app_server', details: { lane: { handle: '@a' } } },
    })
    const { goal } = await running.ops().get({ lane: '@a' })
    expect(goal).toMatchObject({ status: 'paused', pausedFor: null })
  })

  it('go on when a message that goes first is refused', async () => {
    const error = { do: 'error', code: -32_600, message: 'no', times: 1 } as const
    await using place = await makePlace({ scenario: { methods: { 'turn/start': [error] } } })
    await using running = place.start()
    await running.ops().new({ name: 'a', goal: 'ship', send: false })
    // The fake starts no turns for a goal.
    const { id } = await running.ops().get({ lane: '@a' })
    const client = await running.daemon.link.client()
    await client.request('thread/goal/set', { threadId: id, status: 'active' })
    await running.event(({ type, data }) => type === 'goal.changed' && data.status === 'active')
    await expect(running.ops().send({ lane: '@a', text: 'hi' })).rejects.toThrow('no')
    await goesOn(running)
    const sent = await running.ops().send({ lane: '@a', text: 'hi', wait: true })
    expect(sent.error).toBeNull()
    await goesOn(running)
  })

  it('keep what they are owed when Codex goes away in between', async () => {
    const exit = { do: 'exit', when: 'before', skip: 1, times: 1 } as const
    await using place = await makePlace({ scenario: { methods: { 'thread/goal/set': [exit] } } })
    await using running = place.start()
    await running.ops().new({ name: 'a', goal: 'ship', send: false })
    const { id } = await running.ops().get({ lane: '@a' })
    running.store.goals.setPausedFor(id, 'message')
    // Looked at after the end of each turn; the call that activates it kills the App Server.
    await running
      .ops()
      .send({ lane: '@a', text: 'hi' })
      .catch(() => null)
    await running.event(({ type, data }) => type === 'goal.changed' && data.status === 'active')
    const after = await running.ops().goal.status({ lane: '@a' })
    expect(after.goal).toMatchObject({ status: 'active' })
  })

  const activeGoal = async (running: RunningDaemon): Promise<void> => {
    await running.ops().new({ name: 'a', goal: 'ship', send: false })
    const { id } = await running.ops().get({ lane: '@a' })
    const client = await running.daemon.link.client()
    await client.request('thread/goal/set', { threadId: id, status: 'active' })
    await running.event(({ type, data }) => type === 'goal.changed' && data.status === 'active')
  }

  it('go on when a pause for a message fails halfway', async () => {
    const error = { do: 'error', code: -32_603, message: 'not now', times: 1 } as const
    await using place = await makePlace({ scenario: { methods: { 'thread/read': [error] } } })
    await using running = place.start()
    await activeGoal(running)
    await expect(running.ops().send({ lane: '@a', text: 'hi' })).rejects.toThrow('not now')
    await goesOn(running)
  })

  it('go on as soon as Codex lets them, though nothing else happens', async () => {
    // More than the tries that come with the start and the end of the turn.
    const error = { do: 'error', code: -32_603, message: 'not now', skip: 3, times: 4 } as const
    await using place = await makePlace({ scenario: { methods: { 'thread/goal/set': [error] } } })
    await using running = place.start()
    await activeGoal(running)
    const sent = await running.ops().send({ lane: '@a', text: 'hi', wait: true })
    expect(sent.error).toBeNull()
    await vi.waitFor(
      async () => {
        const { goal } = await running.ops().goal.status({ lane: '@a' })
        expect(goal).toMatchObject({ status: 'active', pausedFor: null })
      },
      { timeout: 10_000 },
    )
  })
})

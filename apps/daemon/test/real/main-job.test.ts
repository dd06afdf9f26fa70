import { describe, expect, it } from 'vitest'
import { makePlace } from '../composed.ts'

describe('the main job on the real Codex', () => {
  it('creates, sends, waits and reads', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'reply: hello', wait: true })
    expect(made).toMatchObject({
      handle: '@a',
      messageAccepted: true,
      lastMessage: 'hello',
      error: null,
      latestTurn: { status: 'completed' },
    })
    const sent = await running.ops().send({ lane: '@a', text: 'reply: again', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'again', delivery: { state: 'accepted' } })
    const tail = await running.ops().tail({ lane: 'a' })
    expect(tail.origin).toBe('codex')
    expect(tail.items.map(({ type, text }) => [type, text])).toEqual([
      ['userMessage', 'reply: hello'],
      ['agentMessage', 'hello'],
      ['userMessage', 'reply: again'],
      ['agentMessage', 'again'],
    ])
  })
})

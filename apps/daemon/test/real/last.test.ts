import { describe, expect, it } from 'vitest'
import { makePlace } from '../composed.ts'

const schema = {
  type: 'object',
  properties: { total: { type: 'integer' } },
  required: ['total'],
  additionalProperties: false,
}

describe('last on the real Codex', () => {
  it('gives the final message of the last completed turn, over failed ones and compactions', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref } = await running.ops().new({ name: 'a', send: false })
    await expect(running.ops().last({ lane: ref })).rejects.toMatchObject({
      cause: { code: 'not_found', hint: `dispatch get ${ref}` },
    })
    const text = 'reply: first\nshell: true\nreply: final'
    const sent = await running.ops().send({ lane: ref, text, wait: true })
    expect(await running.ops().last({ lane: '@a' })).toMatchObject({
      ref,
      message: 'final',
      json: null,
      turn: { id: sent.turn?.id, status: 'completed' },
    })
    await running.ops().send({ lane: ref, text: 'fail: http 400', wait: true })
    expect((await running.ops().last({ lane: ref })).message).toBe('final')
  })

  it('gives a message that fits a schema as JSON too, of the lane or of the message', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const { ref } = await running
      .ops()
      .new({ name: 'a', outputSchema: schema, text: 'reply: {"total":7}', wait: true })
    expect(await running.ops().last({ lane: ref })).toMatchObject({
      message: '{"total":7}',
      json: { total: 7 },
    })
    await running.ops().send({ lane: ref, text: 'reply: none', wait: true })
    expect(await running.ops().last({ lane: ref })).toMatchObject({ message: 'none', json: null })
    await running.ops().new({ name: 'b', text: 'reply: {"total":1}', wait: true })
    expect((await running.ops().last({ lane: '@b' })).json).toBeNull()
    const asked = { lane: '@b', text: 'reply: {"total":2}', outputSchema: schema, wait: true }
    await running.ops().send(asked)
    expect((await running.ops().last({ lane: '@b' })).json).toEqual({ total: 2 })
  })

  it('answers from the registry while Codex is away', async () => {
    await using place = await makePlace()
    {
      await using running = place.start()
      await running.ops().new({ name: 'a', text: 'reply: kept', wait: true })
      await running.daemon.link.end()
    }
    await using without = place.start({ DISPATCH_CODEX: '/nowhere/codex' })
    expect(await without.ops().last({ lane: '@a' })).toMatchObject({
      message: 'kept',
      origin: 'registry',
    })
  })

  it('reads an attached lane from Codex, and says so where Codex is away', async () => {
    await using place = await makePlace()
    {
      await using running = place.start()
      const { id } = await running.ops().new({ name: 'a', text: 'reply: theirs', wait: true })
      await running.ops().detach({ lane: id })
      await running.ops().attach({ thread: id })
      expect(await running.ops().last({ lane: id })).toMatchObject({
        source: 'attached',
        message: 'theirs',
        origin: 'codex',
        turn: { status: 'completed' },
      })
      await running.daemon.link.end()
    }
    await using without = place.start({ DISPATCH_CODEX: '/nowhere/codex' })
    await expect(without.ops().last({ lane: '@a' })).rejects.toMatchObject({
      cause: { code: 'app_server', hint: 'dispatch daemon status' },
    })
  })
})

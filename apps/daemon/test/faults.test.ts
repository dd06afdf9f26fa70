import { describe, expect, it } from 'vitest'
import { makePlace } from './composed.ts'

describe('a daemon whose Codex misbehaves', () => {
  it('serves without a Codex, and says how to get one', async () => {
    await using place = await makePlace({ codex: '/nonexistent/codex' })
    await using running = place.start()
    expect((await running.ops().list({})).lanes).toEqual([])
    await expect(running.ops().new({ name: 'a' })).rejects.toMatchObject({
      cause: { code: 'app_server', hint: expect.stringContaining('@openai/codex') },
    })
    const status = await running.ops().daemon.status({})
    expect(status).toMatchObject({ status: 'degraded', codex: { state: 'unavailable' } })
    expect(status.warnings.join()).toContain('/nonexistent/codex')
  })

  it('counts what it does not know and goes on', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'hi' }],
        methods: {
          'turn/start': [
            {
              do: 'emit',
              when: 'answered',
              messages: [
                { method: 'thread/brandNew', params: { threadId: 'x' } },
                { method: 'item/completed', params: { nonsense: true } },
                { method: 'turn/completed', params: { threadId: 'nobody', turn: { id: 't' } } },
              ],
            },
          ],
        },
      },
    })
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'x', wait: true })
    expect(made).toMatchObject({ lastMessage: 'hi', error: null })
    const { unknownNotifications } = await running.ops().daemon.status({})
    expect(unknownNotifications).toEqual({ 'thread/brandNew': 1 })
  })

  it('retries when the server is overloaded', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'hi' }],
        methods: {
          'turn/start': [
            { do: 'error', code: -32001, message: 'Server overloaded; retry later.', times: 2 },
          ],
        },
      },
    })
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'x', wait: true })
    expect(made).toMatchObject({ lastMessage: 'hi', delivery: { state: 'accepted' } })
  })

  it('says what Codex refused, and the delivery has failed', async () => {
    await using place = await makePlace({
      scenario: {
        methods: { 'turn/start': [{ do: 'error', code: -32600, message: 'no such luck' }] },
      },
    })
    await using running = place.start()
    await expect(running.ops().new({ name: 'a', text: 'x' })).rejects.toMatchObject({
      cause: {
        code: 'app_server',
        message: expect.stringContaining('no such luck'),
        details: { lane: { handle: '@a' } },
      },
    })
    const failed = await running.event(({ type }) => type === 'delivery.failed')
    expect(failed.data.failure).toContain('no such luck')
    expect((await running.ops().get({ lane: '@a' })).status).toBe('idle')
  })

  it('replaces a server that accepts but does not answer while a turn runs', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ stopAt: 'turn/started' }, { reply: 'alive' }],
        methods: { 'server/diagnostics': [{ do: 'silence', times: 'always' }] },
      },
    })
    await using running = place.start()
    const sending = running.ops().new({ name: 'a', text: 'x' })
    const first = await running.event(({ type }) => type === 'codex.started')
    await running.event(({ type }) => type === 'codex.lost')
    const again = await running.event(
      ({ type, data }) => type === 'codex.started' && data.pid !== first.data.pid,
    )
    expect(again.data.pid).not.toBe(first.data.pid)
    await sending
    const settled = await running.event(({ type }) => type === 'delivery.failed')
    expect(settled.data.failure).toContain('not in the history')
  })

  it('says without --wait, too, that a message did not arrive', async () => {
    await using place = await makePlace({
      scenario: { methods: { 'turn/start': [{ do: 'exit', when: 'before', times: 1 }] } },
    })
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'x' })
    expect(made).toMatchObject({
      delivery: { state: 'failed' },
      messageAccepted: false,
      error: { code: 'app_server', retryable: true },
    })
  })

  it('comes back to a lane that could not be loaded at a join', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ reply: 'the whole answer', deltas: 10, everyMs: 200 }],
        methods: {
          'thread/resume': [
            { do: 'error', code: -32600, message: 'thread x already has an active writer' },
          ],
        },
      },
    })
    {
      await using first = place.start()
      await first.ops().new({ name: 'a', text: 'go' })
    }
    await using second = place.start()
    await second.event(({ type }) => type === 'turn.completed')
    expect((await second.ops().get({ lane: '@a' })).lastMessage).toBe('the whole answer')
  })

  it('cuts the turn of a thread that is gone, so that nothing waits for it', async () => {
    await using place = await makePlace({
      scenario: {
        turns: [{ stopAt: 'agentMessage/started' }],
        methods: {
          'thread/resume': [
            {
              do: 'error',
              code: -32600,
              message: 'no rollout found for thread id x',
              times: 'always',
            },
          ],
        },
      },
    })
    await using running = place.start()
    await running.ops().new({ name: 'a', text: 'go' })
    process.kill(running.codexPid(), 'SIGKILL')
    await running.event(({ type }) => type === 'turn.interrupted')
    expect(await running.ops().get({ lane: '@a' })).toMatchObject({ status: 'idle' })
    await expect(running.ops().send({ lane: '@a', text: 'x' })).rejects.toMatchObject({
      cause: { code: 'app_server', message: expect.stringContaining('does not have the thread') },
    })
    await running.ops().daemon.shutdown({ codex: true })
  })
})

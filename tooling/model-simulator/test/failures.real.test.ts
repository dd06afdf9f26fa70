import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCodexHarness } from './codex-thread.ts'
import type { CodexHarness } from './codex-thread.ts'

let codex: CodexHarness
beforeAll(async () => {
  codex = await makeCodexHarness()
})
afterAll(() => codex[Symbol.asyncDispose]())

const status = (httpStatusCode: number) => ({ httpConnectionFailed: { httpStatusCode } })

describe('how a turn of the real Codex fails', () => {
  it.for<[string, unknown]>([
    ['fail: http 500', 'internalServerError'],
    ['fail: http 503', status(503)],
    ['fail: http 401', status(401)],
    ['fail: http 403', status(403)],
    ['fail: http 404', status(404)],
    ['fail: http 413', status(413)],
    ['fail: http 429', { responseTooManyFailedAttempts: { httpStatusCode: 429 } }],
    ['fail: http 400', 'other'],
    ['fail: rate_limit_exceeded', 'rateLimitExceeded'],
    ['fail: context_length_exceeded', 'contextWindowExceeded'],
    ['fail: insufficient_quota', 'usageLimitExceeded'],
    ['fail: usage_not_included', 'usageLimitExceeded'],
    ['fail: server_is_overloaded', 'serverOverloaded'],
    ['fail: other', 'other'],
    ['cut: after 3', 'other'],
  ])('%s -> %j', async ([text, info]) => {
    const thread = await codex.thread()
    const turn = await thread.run(text)
    expect(turn).toMatchObject({ status: 'failed', error: { codexErrorInfo: info } })
    expect(await thread.run('reply: well again')).toMatchObject({ status: 'completed' })
  })

  it('hang: body ends by the idle timeout of the stream', async () => {
    await using impatient = await makeCodexHarness({ streamIdleTimeoutMs: 300 })
    const thread = await impatient.thread()
    const turn = await thread.run('hang: body')
    expect(turn).toMatchObject({ status: 'failed', error: { codexErrorInfo: 'other' } })
  })

  it('hang: headers ends by an interrupt only, and the request is abandoned', async () => {
    const thread = await codex.thread()
    const turnId = await thread.start('hang: headers')
    const request = await codex.simulator.waitForRequest((found) => found.turnId === turnId)
    await codex.server.call('turn/interrupt', { threadId: thread.id, turnId })
    expect(await thread.ended(turnId)).toMatchObject({ status: 'interrupted', error: null })
    await codex.simulator.waitForRequest((found) => {
      return found.number === request.number && found.outcome === 'abandoned'
    })
  })
})

describe('failures that pass', () => {
  it('a cut stream is asked for again and told as an error that will be retried', async () => {
    await using retrying = await makeCodexHarness({ retries: 2 })
    const thread = await retrying.thread()
    const turn = await thread.run('cut: after 2 x1\nreply: at last')
    expect(turn).toMatchObject({ status: 'completed', items: [{ text: 'at last' }] })
    const notice = await retrying.server.waitFor('error')
    expect(notice.params).toMatchObject({ willRetry: true, turnId: turn.id })
    expect(retrying.simulator.requests.map(({ outcome }) => outcome)).toEqual(['cut', 'completed'])
  })
})

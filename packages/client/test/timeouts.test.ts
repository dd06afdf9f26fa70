import { expect, test } from 'vitest'
import { type Clock, createDispatchClient, systemClock } from '../src/index.ts'
import { answer, makeTestHome, startFakeDaemon } from './fake-daemon.ts'

/** A clock on which the time of `ms` passes when a test says so; all else goes by the machine's. */
const makeHeldClock = (ms: number) => {
  const held: (() => void)[] = []
  const clock: Clock = {
    ...systemClock,
    after(wait, run) {
      if (wait !== ms) return systemClock.after(wait, run)
      held.push(run)
      return () => void held.splice(held.indexOf(run), 1)
    },
  }
  return { clock, held, pass: () => held.splice(0).forEach((run) => run()) }
}

const LIMIT = 4_321

test.each([
  ['list', 'query', true, { timeoutMs: LIMIT }],
  ['stop', 'mutation', false, { timeoutMs: LIMIT, callId: 'mine', mayBeDone: true }],
] as const)(
  '%s, a %s, ends with timeout; retryable: %s',
  async (path, kind, retryable, details) => {
    using home = makeTestHome()
    const { clock, pass } = makeHeldClock(LIMIT)
    await using daemon = await startFakeDaemon(home.socket, { onCall: pass })
    await using client = createDispatchClient({ home: home.home, env: {}, clock })
    const options = { timeoutMs: LIMIT, ...(kind === 'mutation' ? { callId: 'mine' } : {}) }
    await expect(client.call(path, kind, {}, options)).rejects.toMatchObject({
      name: 'DispatchError',
      code: 'timeout',
      retryable,
      details,
    })
    // The daemon is told that nobody waits.
    expect(daemon.peers).toHaveLength(1)
  },
)

test('the limit of the client holds where a call says nothing, and is called off by an answer', async () => {
  using home = makeTestHome()
  const { clock, held, pass } = makeHeldClock(LIMIT)
  await using _ = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => (call.params.path === 'get' ? pass() : peer.send(answer(call, held))),
  })
  await using client = createDispatchClient({ home: home.home, env: {}, clock, timeoutMs: LIMIT })
  await client.api.list()
  expect(held).toHaveLength(0)
  await client.api.list({}, { timeoutMs: Infinity })
  await expect(client.api.get({ lane: 'x' })).rejects.toMatchObject({ code: 'timeout' })
})

test('a caller who gives up first rejects with the reason of that', async () => {
  using home = makeTestHome()
  const leaving = new AbortController()
  await using _ = await startFakeDaemon(home.socket, {
    onCall: () => leaving.abort(new Error('given up')),
  })
  await using client = createDispatchClient({ home: home.home, env: {} })
  const options = { signal: leaving.signal, timeoutMs: 60_000 }
  await expect(client.api.list({}, options)).rejects.toThrow('given up')
})

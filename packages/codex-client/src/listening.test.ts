import { describe, expect, it } from 'vitest'

import { makeFakeTimers } from '../test/fake-timers.ts'
import { makeTempDir, makeWebSocketServer } from '../test/websocket-server.ts'
import { CodexConnectError, CodexTimeoutError } from './errors.ts'
import { connectListening } from './listening.ts'
import type { CodexExit } from './spawn.ts'
import type { Timers } from './timers.ts'

/** Retries at once; the time of the whole wait passes when the test says so. */
function makeEagerTimers() {
  const clock = makeFakeTimers()
  const retried = Promise.withResolvers<void>()
  const timers: Timers = {
    after(ms, run) {
      if (ms > 10) return clock.timers.after(ms, run)
      retried.resolve()
      setImmediate(run)
      return () => undefined
    },
  }
  return { timers, pass: clock.pass, pending: clock.pending, retried: retried.promise }
}

describe('connectListening', () => {
  it('connects to a server that is there', async () => {
    await using server = await makeWebSocketServer()
    const clock = makeEagerTimers()
    const { socketPath } = server
    await using transport = await connectListening({ socketPath, timers: clock.timers })
    transport.send('{}')
    expect(clock.pending()).toEqual([])
  })

  it('waits for one that is not, until the time is up', async () => {
    await using dir = await makeTempDir()
    const clock = makeEagerTimers()
    const socketPath = `${dir.path}/s`
    const attempt = connectListening({ socketPath, timeoutMs: 5000, timers: clock.timers })
    const failed = expect(attempt).rejects.toThrow(new CodexTimeoutError('connect', 5000))
    await clock.retried
    await clock.pass(5000)
    await failed
  })

  it('stops when the server has ended', async () => {
    await using dir = await makeTempDir()
    const clock = makeEagerTimers()
    const exited = Promise.withResolvers<CodexExit>()
    const attempt = connectListening({
      socketPath: `${dir.path}/s`,
      exited: exited.promise,
      timers: clock.timers,
    })
    const failed = expect(attempt).rejects.toThrow('the server ended (SIGKILL)')
    await clock.retried
    exited.resolve({ code: null, signal: 'SIGKILL' })
    await failed
    expect(clock.pending()).toEqual([])
  })

  it('does not wait for what waiting does not heal', async () => {
    await using dir = await makeTempDir()
    const attempt = connectListening({ socketPath: `${dir.path}/${'x'.repeat(200)}` })
    await expect(attempt).rejects.toThrow(CodexConnectError)
  })
})

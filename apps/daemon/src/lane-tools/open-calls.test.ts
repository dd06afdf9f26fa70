import { describe, expect, it } from 'vitest'
import { makeOpenCalls } from './open-calls.ts'

const key = { laneId: 't', threadId: 't', turnId: 'u', callId: 'c' }

/** A call that ends when it is told to, or broken off. */
const acting = () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const begun: AbortSignal[] = []
  const act = (signal: AbortSignal): Promise<string> => {
    begun.push(signal)
    signal.addEventListener('abort', () => resolve('broken off'))
    return promise
  }
  return { act, begun, end: resolve }
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> =>
  await Promise.race([promise.then(() => true), new Promise(setImmediate).then(() => false)])

describe('open calls', () => {
  it('act once for a call that is asked again while it is under way, and anew after it', async () => {
    using calls = makeOpenCalls()
    const { act, begun, end } = acting()
    const answers = [calls.run(key, act), calls.run(key, act)]
    end('done')
    expect(await Promise.all(answers)).toEqual(['done', 'done'])
    expect(begun).toHaveLength(1)
    expect(await calls.run(key, act)).toBe('done')
    expect(begun).toHaveLength(2)
  })

  it('end with their turn, and are not answered then', async () => {
    using calls = makeOpenCalls()
    const { act, begun } = acting()
    const answer = calls.run(key, act)
    calls.turnIs('t', 'u')
    calls.turnIs('other', null)
    expect(begun[0]?.aborted).toBe(false)
    calls.turnIs('t', null)
    expect(begun[0]?.aborted).toBe(true)
    await calls.drained()
    expect(await isSettled(answer)).toBe(false)
  })

  it('of a sub-agent end with the turn of its lane', () => {
    using calls = makeOpenCalls()
    const { act, begun } = acting()
    void calls.run({ ...key, threadId: 'sub', turnId: 'its own' }, act)
    calls.turnIs('t', 'u')
    expect(begun[0]?.aborted).toBe(false)
    calls.turnIs('t', null)
    expect(begun[0]?.aborted).toBe(true)
  })

  it('are left to the next daemon when this one ends', async () => {
    const { act, begun } = acting()
    const calls = makeOpenCalls()
    const answer = calls.run(key, act)
    calls[Symbol.dispose]()
    expect(begun[0]?.aborted).toBe(true)
    await calls.drained()
    expect(await isSettled(answer)).toBe(false)
  })
})

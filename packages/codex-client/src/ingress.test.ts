import { describe, expect, it } from 'vitest'

import { makeFakeTimers, settle } from '../test/fake-timers.ts'
import { CodexRpcError } from './errors.ts'
import { makeIngress } from './ingress.ts'

function setUp() {
  const clock = makeFakeTimers()
  const ingress = makeIngress({ timers: clock.timers, random: () => 0 })
  const started: string[] = []
  const gates = new Map<string, PromiseWithResolvers<string>>()
  const run = (name: string, urgent = false, signal = new AbortController().signal) =>
    ingress.run(
      () => {
        started.push(name)
        const gate = Promise.withResolvers<string>()
        gates.set(name, gate)
        return gate.promise
      },
      { urgent, signal },
    )
  const many = (count: number, name: string, urgent = false) =>
    Array.from({ length: count }, (_, index) => run(`${name}${index}`, urgent))
  const finish = (name: string) => gates.get(name)?.resolve(name)
  return { clock, ingress, started, run, many, finish, gates }
}

const overloaded = () => new CodexRpcError('m', { code: -32001, message: 'Server overloaded' })

describe('makeIngress', () => {
  it('opens 56 ordinary requests, and 8 more only for urgent ones', async () => {
    const { ingress, started, many } = setUp()
    void many(100, 'n')
    expect(ingress).toMatchObject({ open: 56, waiting: 44 })
    expect(started).toHaveLength(56)
    void many(10, 'u', true)
    expect(started).toHaveLength(64)
    expect(started.slice(56)).toEqual(Array.from({ length: 8 }, (_, index) => `u${index}`))
    expect(ingress).toMatchObject({ open: 64, waiting: 46 })
  })

  it('gives a free slot to the urgent first, then in order of arrival', async () => {
    const { started, many, finish } = setUp()
    void many(60, 'n')
    void many(9, 'u', true)
    await settle()
    for (let index = 0; index < 12; index += 1) {
      finish(`n${index}`)
      await settle()
    }
    // The first free slot goes to the ninth urgent one; ordinary ones wait until 56 are left.
    expect(started.slice(64)).toEqual(['u8', 'n56', 'n57', 'n58'])
  })

  it('runs everything, never more than allowed', async () => {
    const { ingress, started, many, finish } = setUp()
    const all = [...many(200, 'n'), ...many(100, 'u', true)]
    for (let index = 0; index < 300; index += 1) {
      await settle()
      expect(ingress.open).toBeLessThanOrEqual(64)
      finish(started[index] ?? '')
    }
    expect(new Set(await Promise.all(all)).size).toBe(300)
    expect(ingress).toMatchObject({ open: 0, waiting: 0 })
  })

  it('lets go of a waiting request whose signal fires', async () => {
    const { ingress, started, many, run, finish } = setUp()
    void many(56, 'n')
    const controller = new AbortController()
    const waiting = run('gone', false, controller.signal)
    const behind = run('behind')
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(run('never', true, controller.signal)).rejects.toThrow('enough')
    finish('n0')
    await settle()
    finish('behind')
    expect(await behind).toBe('behind')
    expect(started).not.toContain('gone')
    expect(ingress).toMatchObject({ open: 55, waiting: 0 })
  })

  it('tries again with growing pauses while the server is overloaded', async () => {
    const { clock, started, run, gates } = setUp()
    const call = run('m')
    const pauses: (number | undefined)[] = []
    for (let attempt = 0; attempt < 7; attempt += 1) {
      gates.get('m')?.reject(overloaded())
      await settle()
      pauses.push(clock.pending()[0])
      await clock.pass(2000)
    }
    gates.get('m')?.resolve('done')
    expect(await call).toBe('done')
    expect(started).toHaveLength(8)
    // The shortest jitter: half of 50 ms, doubled up to 2 s.
    expect(pauses).toEqual([25, 50, 100, 200, 400, 800, 1000])
  })

  it('gives up after eight refusals, and at once for every other error', async () => {
    const { clock, started, run, gates, ingress } = setUp()
    const call = run('m')
    const failed = expect(call).rejects.toMatchObject({ code: -32001 })
    for (let attempt = 0; attempt < 8; attempt += 1) {
      gates.get('m')?.reject(overloaded())
      await settle()
      await clock.pass(2000)
    }
    await failed
    expect(started).toHaveLength(8)
    const other = run('other')
    gates.get('other')?.reject(new CodexRpcError('m', { code: -32600, message: 'no' }))
    await expect(other).rejects.toMatchObject({ code: -32600 })
    expect(ingress.open).toBe(0)
  })

  it('ends a pause when the signal fires, and leaves no timer', async () => {
    const { clock, run, gates, ingress } = setUp()
    const controller = new AbortController()
    const call = run('m', false, controller.signal)
    gates.get('m')?.reject(overloaded())
    await settle()
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(clock.pending()).toEqual([])
    expect(ingress.open).toBe(0)
  })
})

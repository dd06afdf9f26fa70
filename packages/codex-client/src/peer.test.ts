import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { settle } from '../test/fake-timers.ts'
import { makeMemoryServer } from '../test/memory-server.ts'
import {
  CodexClosedError,
  CodexHandlerError,
  CodexMessageTooLargeError,
  CodexProtocolError,
  CodexRpcError,
} from './errors.ts'
import { makePeer } from './peer.ts'
import type { PeerOptions } from './peer.ts'

function setUp(options: Partial<PeerOptions> = {}) {
  const server = makeMemoryServer()
  const faults: Error[] = []
  const peer = makePeer({
    transport: server.transport,
    onNotification: () => undefined,
    onRequest: () => undefined,
    onFault: (fault) => faults.push(fault),
    ...options,
  })
  return { server, peer, faults }
}

describe('requests', () => {
  it('get their own answers, in whatever order these come', async () => {
    const answers = fc.array(fc.record({ ok: fc.boolean(), order: fc.nat() }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(answers, async (plan) => {
        const { server, peer, faults } = setUp()
        const calls = plan.map((_, index) => peer.request('m', { index }))
        const settled = Promise.allSettled(calls)
        expect(server.sent).toEqual(
          plan.map((_, index) => ({ id: index + 1, method: 'm', params: { index } })),
        )
        const replies = plan.map(({ ok, order }, index) => ({ ok, order, id: index + 1 }))
        for (const { ok, id } of replies.sort((a, b) => a.order - b.order)) {
          if (ok) server.say({ id, result: id })
          else server.say({ id, error: { code: -32600, message: `no ${id}`, data: id } })
        }
        const outcomes = await settled
        outcomes.forEach((outcome, index) => {
          const id = index + 1
          if (outcome.status === 'fulfilled') expect(outcome.value).toBe(id)
          else expect(outcome.reason).toMatchObject({ method: 'm', code: -32600, data: id })
          expect(outcome.status === 'fulfilled').toBe(plan[index]?.ok)
        })
        expect(peer.pending).toBe(0)
        expect(faults).toEqual([])
      }),
    )
  })

  it('fail with the code, the text and the data of the server', async () => {
    const { server, peer } = setUp()
    const call = peer.request('turn/start', {})
    server.say({ id: 1, error: { code: -32602, message: 'too large', data: { max: 1 } } })
    const error = await call.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CodexRpcError)
    expect(error).toMatchObject({ message: 'too large', code: -32602, data: { max: 1 } })
  })

  it('are not disturbed by answers to nothing', async () => {
    const { server, peer, faults } = setUp()
    const call = peer.request('m', {})
    for (const id of [0, 2, -1, '1', 'x']) server.say({ id, result: 'wrong' })
    server.say({ id: 1, result: 'right' })
    server.say({ id: 1, result: 'again' })
    expect(await call).toBe('right')
    expect(faults).toEqual([])
  })

  it('all fail when the connection is lost, and so do later ones', async () => {
    const { server, peer } = setUp()
    const calls = Promise.allSettled([peer.request('a', {}), peer.request('b', {})])
    server.lose('killed')
    for (const outcome of await calls) {
      expect(outcome).toMatchObject({ reason: { kind: 'lost' } })
      expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(CodexClosedError)
    }
    await expect(peer.request('c', {})).rejects.toThrow('lost: killed')
    expect(await peer.closed).toEqual({ kind: 'lost', detail: 'killed' })
    expect(peer.pending).toBe(0)
  })

  it('fail as closed when this side closes', async () => {
    const { peer } = setUp()
    const call = peer.request('a', {})
    const failed = expect(call).rejects.toMatchObject({ kind: 'closed' })
    await peer[Symbol.asyncDispose]()
    await failed
  })

  it('are given up by their signal, before and while they wait', async () => {
    const { server, peer, faults } = setUp()
    const reason = new Error('enough')
    await expect(peer.request('a', {}, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(server.sent).toEqual([])
    const controller = new AbortController()
    const call = peer.request('a', {}, controller.signal)
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(peer.pending).toBe(0)
    server.say({ id: 1, result: 'late' })
    expect(faults).toEqual([])
  })

  it('that cannot be sent fail alone', async () => {
    const { server, peer } = setUp()
    const big = new CodexMessageTooLargeError(2, 1)
    const { send } = server.transport
    server.transport.send = () => {
      throw big
    }
    await expect(peer.request('a', {})).rejects.toBe(big)
    expect(peer.pending).toBe(0)
    server.transport.send = send
    const call = peer.request('b', {})
    server.say({ id: 2, result: 1 })
    expect(await call).toBe(1)
  })
})

describe('what the server sends', () => {
  it('is handed on at once and in order', () => {
    const seen: string[] = []
    const { server } = setUp({
      onNotification: ({ method }) => seen.push(method),
      onRequest: ({ method }) => {
        seen.push(method)
        return { result: new Promise(() => undefined) }
      },
    })
    server.say({ method: 'a', params: {} })
    server.say({ method: 'b', id: 0, params: {} })
    server.say({ method: 'c', params: {} })
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('reaches the fault handler when it is broken or its handler throws', async () => {
    const seen: string[] = []
    const { server, faults, peer } = setUp({
      onNotification: ({ method }) => {
        seen.push(method)
        if (method === 'bad') throw new Error('handler')
      },
    })
    const call = peer.request('m', {})
    server.sayText('{"half":')
    server.say({ method: 'bad' })
    server.say({ method: 'good' })
    server.say({ id: 1, result: 1 })
    expect(await call).toBe(1)
    expect(seen).toEqual(['bad', 'good'])
    expect(faults[0]).toBeInstanceOf(CodexProtocolError)
    expect(faults[0]?.message).not.toContain('half')
    expect(faults[1]).toBeInstanceOf(CodexHandlerError)
  })
})

describe('requests of the server', () => {
  it('are answered by their handler, now or later', async () => {
    const later = Promise.withResolvers<unknown>()
    const { server } = setUp({
      onRequest: ({ method }) => ({ result: method === 'later' ? later.promise : { now: true } }),
    })
    server.say({ id: 0, method: 'later', params: {} })
    server.say({ id: 'x', method: 'now', params: {} })
    await settle()
    expect(server.sent).toEqual([{ id: 'x', result: { now: true } }])
    later.resolve(undefined)
    await settle()
    expect(server.sent[1]).toEqual({ id: 0, result: null })
  })

  it.each([
    ['nobody handles it', () => undefined, 0],
    [
      'the handler throws',
      () => {
        throw new Error('secret')
      },
      1,
    ],
    ['the handler rejects', () => ({ result: Promise.reject(new Error('secret')) }), 1],
    ['the result is no JSON', () => ({ result: 1n }), 1],
  ])('are refused when %s', async (_name, onRequest, count) => {
    const { server, faults } = setUp({ onRequest })
    server.say({ id: 7, method: 'item/tool/call', params: {} })
    await settle()
    expect(server.sent).toEqual([
      { id: 7, error: { code: -32601, message: expect.stringContaining('item/tool/call') } },
    ])
    expect(JSON.stringify(server.sent)).not.toContain('secret')
    expect(faults).toHaveLength(count)
  })

  it('get one answer when they are sent again, from the later call', async () => {
    const results = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
    const signals: AbortSignal[] = []
    const { server } = setUp({
      onRequest: (_request, signal) => ({ result: results[signals.push(signal) - 1]?.promise }),
    })
    server.say({ id: 0, method: 'm', params: {} })
    server.say({ id: 0, method: 'm', params: {} })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    results[0]?.resolve('first')
    results[1]?.resolve('second')
    await settle()
    expect(server.sent).toEqual([{ id: 0, result: 'second' }])
  })

  it.each([
    ['withdrawn', (given: ReturnType<typeof setUp>) => given.peer.withdraw(0)],
    ['cut off', (given: ReturnType<typeof setUp>) => given.server.lose()],
  ])('are told by their signal when they are %s, and not answered', async (_name, end) => {
    const result = Promise.withResolvers<string>()
    let signal: AbortSignal | undefined
    const given = setUp({
      onRequest: (_request, its) => {
        signal = its
        return { result: result.promise }
      },
    })
    given.server.say({ id: 0, method: 'm', params: {} })
    end(given)
    expect(signal?.aborted).toBe(true)
    result.reject(new Error('too late'))
    await settle()
    expect(given.server.sent).toEqual([])
    expect(given.faults).toEqual([])
  })
})

import { Cancelled, DispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { addLane, auditOf, call, makeBench } from '../../test/bench.ts'
import { textToShape } from './audit.ts'
import { makeAuditService } from './audit-service.ts'
import type { AuditOutcome } from './outcome.ts'

describe('an op under audit', () => {
  it('leaves one row with who, what and how it ended', async () => {
    using bench = makeBench()
    const { audit } = auditOf(bench)
    addLane(bench.store, 't')
    const result = await audit.run('send', call({ threadId: 'me' }), async (note) => {
      note.lane({ threadId: 't', ref: '0aaaa1' })
      note.detail({ a: 1 })
      note.detail({ b: 2 })
      return 'done'
    })
    expect(result).toBe('done')
    expect(bench.store.audit.list({ limit: 9 })).toMatchObject([
      {
        op: 'send',
        actor: 'cli',
        threadId: 't',
        ref: '0aaaa1',
        outcome: 'ok',
        at: bench.clock.now(),
        detail: { callId: call().id, callerThread: 'me', a: 1, b: 2 },
      },
    ])
  })

  it.each([
    [new DispatchError('lane_busy', 'busy'), 'lane_busy'],
    [new TypeError('bug'), 'internal'],
    ['a string', 'internal'],
  ])('that throws %s is recorded as %s, and throws it still', async (thrown, outcome) => {
    using bench = makeBench()
    const { audit } = auditOf(bench)
    const act = () => Promise.reject(thrown)
    await expect(audit.run('stop', call(), act)).rejects.toBe(thrown)
    expect(bench.store.audit.list({ limit: 9 })).toMatchObject([{ op: 'stop', outcome }])
  })
})

it.each([
  ['cancelled', new Cancelled()],
  ['disconnected', new Error('the socket closed')],
])('a call that was broken off is recorded as %s', async (outcome, reason) => {
  using bench = makeBench()
  const { audit } = auditOf(bench)
  const abort = new AbortController()
  const run = audit.run('send', call({ signal: abort.signal }), () => {
    abort.abort(reason)
    abort.signal.throwIfAborted()
    return Promise.resolve()
  })
  await expect(run).rejects.toBe(reason)
  const busy = new DispatchError('lane_busy', 'busy')
  const late = audit.run('send', call({ signal: abort.signal }), () => Promise.reject(busy))
  await expect(late).rejects.toBe(busy)
  const bug = new TypeError('bug')
  const broken = audit.run('send', call({ signal: abort.signal }), () => Promise.reject(bug))
  await expect(broken).rejects.toBe(bug)
  expect(bench.store.audit.list({ limit: 9 }).map((row) => row.outcome)).toEqual([
    outcome,
    'lane_busy',
    'internal',
  ])
})

it('keeps of a text its characters and a hash', () => {
  expect(textToShape('aé😀')).toEqual({
    textLength: 3,
    textHash: expect.stringMatching(/^\w{16}$/),
  })
  expect(textToShape('a').textHash).not.toBe(textToShape('b').textHash)
})

describe('reading the trail', () => {
  const makeRoom = (bench: ReturnType<typeof makeBench>) => {
    const { audit, appended } = auditOf(bench)
    addLane(bench.store, 't')
    const service = makeAuditService({
      store: bench.store,
      appended,
      resolve: (selector) => {
        const lane = bench.store.lanes.get(selector)
        if (!lane) throw new DispatchError('not_found', selector)
        return lane
      },
    })
    const record = (op: string, threadId: string | null = null, outcome: AuditOutcome = 'ok') =>
      audit.record({
        op,
        actor: 'cli',
        lane: threadId === null ? null : { threadId, ref: 'r' },
        outcome,
        detail: {},
      })
    return { service, record }
  }

  it('gives the newest that fit, oldest first', () => {
    using bench = makeBench()
    const { service, record } = makeRoom(bench)
    for (let n = 0; n < 25; n += 1) record(`op${n}`)
    record('send', 't', 'timeout')
    const ops = (input: object) => service.log(input).entries.map(({ op }) => op)
    expect(ops({})).toHaveLength(20)
    expect(ops({ limit: 2 })).toEqual(['op24', 'send'])
    expect(ops({ limit: 0 })).toEqual([])
    for (const input of [{ lane: 't' }, { op: 'send' }, { outcome: 'timeout' }])
      expect(ops(input)).toEqual(['send'])
    expect(ops({ since: '2027-01-01T00:00:00.000Z' })).toEqual([])
  })

  it('refuses what no row can have, and names what is near', () => {
    using bench = makeBench()
    const { service, record } = makeRoom(bench)
    record('request.item/tool/call')
    expect(service.log({ op: 'request.item/tool/call' }).entries).toHaveLength(1)
    for (const input of [{ op: 'goal.clear' }, { outcome: 'turn_failed' }]) {
      expect(service.log(input).entries).toEqual([])
    }
    record('send')
    expect(service.log({ op: 'sendTo' }).entries).toMatchObject([{ op: 'send' }])
    expect(() => service.log({ op: 'sned' })).toThrow(
      expect.objectContaining({ code: 'validation', hint: 'dispatch daemon log --op send' }),
    )
    expect(() => service.log({ outcome: 'canceled' })).toThrow(
      expect.objectContaining({ hint: 'dispatch daemon log --outcome cancelled' }),
    )
    // It reads, and leaves no row.
    expect(() => service.log({ op: 'tail' })).toThrow('No row')
  })

  it('does not look through the trail for an op and an outcome that it knows', () => {
    using bench = makeBench()
    const looks: string[] = []
    const counting = {
      ...bench,
      store: {
        ...bench.store,
        audit: {
          ...bench.store.audit,
          list: (query: { limit: number; op?: string | null }) => {
            looks.push(`${query.op} ${query.limit}`)
            return bench.store.audit.list(query)
          },
        },
      },
    }
    const { service } = makeRoom(counting)
    service.log({ op: 'goal.clear', outcome: 'deny', limit: 5 })
    expect(looks).toEqual(['goal.clear 5'])
  })

  const follow = async (
    room: ReturnType<typeof makeRoom>,
    input: object,
    given: { after?: string; until: string },
  ): Promise<string[]> => {
    const abort = new AbortController()
    const ops: string[] = []
    const stream = room.service.logFollow(
      input,
      call({ after: given.after ?? null, signal: abort.signal }),
    )
    for await (const { data } of stream) {
      if (data === null) continue
      ops.push(data.op)
      if (data.op === 'first') room.record('second', 't')
      if (data.op === given.until) abort.abort()
    }
    return ops
  }

  it('follows past and present without a hole or a repeat', async () => {
    using bench = makeBench()
    const room = makeRoom(bench)
    room.record('earlier')
    room.record('first', 't')
    setImmediate(() => {
      room.record('third')
      room.record('last', 't')
    })
    const all = ['earlier', 'first', 'second', 'third', 'last']
    expect(await follow(room, {}, { until: 'last' })).toEqual(all)
    expect(await follow(room, {}, { after: '1', until: 'last' })).toEqual(all.slice(1))
  })

  it('follows what fits alone, and refuses what is no cursor', async () => {
    using bench = makeBench()
    const room = makeRoom(bench)
    room.record('first', 't')
    setImmediate(() => {
      room.record('third')
      room.record('last', 't')
    })
    expect(await follow(room, { lane: 't' }, { until: 'last' })).toEqual([
      'first',
      'second',
      'last',
    ])
    await expect(follow(room, {}, { after: 'x', until: 'last' })).rejects.toMatchObject({
      code: 'validation',
    })
  })
})

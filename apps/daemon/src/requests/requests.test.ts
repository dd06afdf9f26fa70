import { DaemonConfig, DispatchError } from '@dispatch/contract'
import type { LaneRow, RequestRow, ServerInstance } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import {
  addLane,
  auditOf,
  type Bench,
  call,
  endedFact,
  fakeClient,
  fakeLink,
  makeBench,
  requestAsk,
} from '../../test/bench.ts'
import type { Answer, Asked } from '../codex/asked.ts'
import { makeRequests, type RequestsOptions } from './requests.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

type Room = {
  policy?: object
  isShared?: () => boolean
  server?: () => ServerInstance | null
  ownerOf?: (threadId: string) => Promise<LaneRow | null>
  steer?: RequestsOptions['steer']
}

const makeRoom = (bench: Bench, options: Room = {}) => {
  const config = DaemonConfig.parse({
    ...Object.fromEntries(Object.keys(DaemonConfig.shape).map((name) => [name, {}])),
    policy: options.policy ?? {},
  })
  let ids = 0
  const touched: string[] = []
  const requests = makeRequests({
    ...bench,
    log: silent,
    audit: auditOf(bench).audit,
    touched: (threadIds) => {
      touched.push(...threadIds)
      bench.changes.touched(threadIds)
    },
    host: { homedir: '/home/me' },
    configuration: { daemon: () => config },
    link: () => fakeLink(null, options.server ? { instance: options.server } : {}),
    mayBeShared: options.isShared ?? (() => false),
    ownerOf: options.ownerOf ?? (async () => null),
    steer: options.steer ?? (async () => {}),
    drain: () => {},
    newId: () => {
      ids += 1
      return `01900000-0000-7000-8000-${String(ids).padStart(12, '0')}`
    },
    resolve: () => {
      throw new Error('nobody names a lane here')
    },
    named: (selector) => {
      const lane = bench.store.lanes.byLiveHandle(selector)
      if (lane) return lane
      throw new DispatchError('not_found', 'no such lane')
    },
  })
  const said: Answer[] = []
  const ask = (part: Partial<Asked> = {}) => {
    const abort = new AbortController()
    requests.asked({
      rpcId: '0',
      threadId: 't',
      turnId: 'u',
      itemId: 'i',
      ask: requestAsk(),
      signal: abort.signal,
      reply: (answer) => void said.push(answer),
      ...part,
    })
    return abort
  }
  const rows = () => bench.store.requests.list({ limit: 99 }).requests.toReversed()
  const only = (): RequestRow => {
    const [row, ...more] = rows()
    if (!row || more.length > 0) throw new Error(`${rows().length} rows`)
    return row
  }
  const status = () => bench.store.lanes.get('t')?.status
  return { requests, ask, said, touched, rows, only, status, ops: requests.services }
}

const types = async (bench: Bench) => (await bench.happened()).map(({ type }) => type)
const joined = { client: fakeClient({}), fresh: false }

describe('what Codex asks', () => {
  it('is recorded before anybody hears of it, and waits', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { status: 'busy', activeTurnId: 'u' })
    const { ask, only, said, status } = makeRoom(bench)
    ask()
    expect(only()).toMatchObject({ state: 'pending', laneId: 't', server: { pid: 7 } })
    expect(status()).toBe('waiting_approval')
    expect(said).toEqual([])
    expect(await types(bench)).toEqual(['request.opened', 'lane.status-changed'])
  })

  it('of a sub-agent tells the lane twice: when it comes and when it goes', async () => {
    using bench = makeBench()
    const lane = addLane(bench.store, 't', { status: 'busy', activeTurnId: 'u' })
    const { ask, only, touched, ops } = makeRoom(bench, { ownerOf: async () => lane })
    ask({ threadId: 'sub-agent' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(touched.splice(0)).toContain('t')
    await ops.approve({ id: only().id }, call())
    expect(touched).toContain('t')
  })

  it('again is the same request; under another turn or server it is another', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    let server: ServerInstance | null = { pid: 7, startedAt: 70 }
    const { ask, rows } = makeRoom(bench, { server: () => server })
    ask()
    ask()
    expect(rows()).toHaveLength(1)
    ask({ turnId: 'v' })
    expect(rows()).toHaveLength(2)
    server = { pid: 8, startedAt: 80 }
    ask()
    expect(rows()).toHaveLength(3)
  })

  it('again after it was answered gets the same answer, once more', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, said, only, ops } = makeRoom(bench)
    ask()
    await ops.deny({ id: only().id }, call())
    ask()
    expect(said).toEqual([{ decision: 'deny' }, { decision: 'deny' }])
    expect(only()).toMatchObject({ state: 'answered', decision: 'deny' })
  })

  it('again after an answer in words waits for the words again: they are not kept', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, said, only, ops, status } = makeRoom(bench)
    const question = requestAsk({
      kind: 'question',
      offered: ['respond', 'deny'],
      questions: [{ id: 'q', header: '', question: '?', options: null, other: true, secret: true }],
    })
    ask({ ask: question })
    await ops.respond({ id: only().id, answer: { q: 'a secret' } }, call())
    expect(said).toEqual([{ decision: 'respond', answers: { q: ['a secret'] } }])
    ask({ ask: question })
    expect(only()).toMatchObject({ state: 'pending', decision: null, answeredBy: null })
    expect(status()).toBe('waiting_approval')
    expect(
      JSON.stringify([await bench.happened(), bench.store.audit.list({ limit: 9 })]),
    ).not.toMatch(/a secret/)
  })

  it('of a thread that is no lane, or of an attached one, is answered by nobody here', async () => {
    using bench = makeBench()
    addLane(bench.store, 't', { source: 'attached' })
    const { ask, rows, said, ops } = makeRoom(bench, {
      policy: { requests: 'deny', request_timeout_seconds: 1 },
    })
    ask()
    ask({ threadId: 'stranger' })
    await new Promise((resolve) => setImmediate(resolve))
    bench.clock.advance(60_000)
    expect(rows().map(({ state, laneId, expiresAt }) => [state, laneId, expiresAt])).toEqual([
      ['pending', 't', null],
      ['pending', null, null],
    ])
    expect(said).toEqual([])
    const [attached] = rows()
    await expect(ops.approve({ id: attached?.id ?? '' }, call())).rejects.toMatchObject({
      code: 'authority',
    })
  })

  it('of a sub-agent is of the lane above it', async () => {
    using bench = makeBench()
    const lane = addLane(bench.store, 't')
    const { requests, ask, only, status } = makeRoom(bench, { ownerOf: async () => lane })
    ask({ threadId: 'child', turnId: 'c' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(only()).toMatchObject({ laneId: 't', threadId: 'child' })
    expect(status()).toBe('waiting_approval')
    bench.events.commit((tx) => {
      expect(requests.onFact(tx, endedFact('t', 'u'))).toBeNull()
      expect(requests.onFact(tx, endedFact('child', 'c'))).toBe('t')
    })
    expect(only().state).toBe('withdrawn')
    expect(status()).toBe('idle')
  })

  it('waits where the registry takes nothing, and is told when it does', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const commit = bench.events.commit
    let isFull = true
    bench.events.commit = (write, options) => {
      if (isFull) throw new Error('disk full')
      return commit(write, options)
    }
    const { ask, rows, only } = makeRoom(bench)
    ask()
    const gone = ask({ rpcId: '1' })
    expect(rows()).toEqual([])
    gone.abort()
    isFull = false
    bench.clock.advance(1_000)
    expect(only()).toMatchObject({ rpcId: '0', state: 'pending' })
  })

  it('that nobody handles leaves a row of the audit trail alone', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { requests, rows } = makeRoom(bench)
    const method = 'x'.repeat(5_000)
    requests.refused({ rpcId: '7', method, threadId: 't', why: 'unknown method' })
    const [row] = bench.store.audit.list({ limit: 9 })
    expect(row).toMatchObject({ actor: 'daemon', outcome: 'refused', threadId: 't' })
    expect(row?.op.length).toBeLessThan(120)
    expect(rows()).toEqual([])
  })
})

describe('an answer', () => {
  it('is one of those offered', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, only, ops, said } = makeRoom(bench)
    ask({ ask: requestAsk({ offered: ['approve', 'deny'], rule: null }) })
    await expect(ops.approve({ id: only().id, withRule: true }, call())).rejects.toMatchObject({
      code: 'validation',
      details: { offered: ['approve', 'deny'] },
    })
    await expect(ops.respond({ id: only().id, answer: {} }, call())).rejects.toMatchObject({
      code: 'validation',
    })
    expect(said).toEqual([])
  })

  it('with a message waits until the turn has it; who comes meanwhile is refused', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const steered = Promise.withResolvers<void>()
    const { ask, only, ops, said } = makeRoom(bench, { steer: () => steered.promise })
    ask()
    const denied = ops.deny({ id: only().id, message: 'no' }, call())
    await new Promise((resolve) => setImmediate(resolve))
    await expect(ops.approve({ id: only().id }, call())).rejects.toMatchObject({ code: 'conflict' })
    expect(only().state).toBe('pending')
    steered.resolve()
    expect(await denied).toMatchObject({ decision: 'deny' })
    expect(said).toEqual([{ decision: 'deny' }])
  })

  it('is none where its message was refused', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const steer = () => Promise.reject(new Error('no turn'))
    const { ask, only, ops, said } = makeRoom(bench, { steer })
    ask()
    await expect(ops.deny({ id: only().id, message: 'no' }, call())).rejects.toThrow('no turn')
    expect(only().state).toBe('pending')
    await ops.approve({ id: only().id }, call())
    expect(said).toEqual([{ decision: 'approve' }])
  })

  it('waits for Codex to ask again, and says so when it does not', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, only, ops, said } = makeRoom(bench)
    ask().abort(new Error('connection lost'))
    const late = ops.approve({ id: only().id }, call())
    const refused = expect(late).rejects.toMatchObject({ code: 'app_server' })
    await new Promise((resolve) => setImmediate(resolve))
    bench.clock.advance(10_000)
    await refused
    const patient = ops.approve({ id: only().id }, call())
    await new Promise((resolve) => setImmediate(resolve))
    ask()
    expect(await patient).toMatchObject({ state: 'answered' })
    expect(said).toEqual([{ decision: 'approve' }])
  })
})

describe('a time limit', () => {
  const policy = { request_timeout_seconds: 60 }

  it('runs out once, and only for what still waits', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, rows, said, ops } = makeRoom(bench, { policy })
    ask()
    bench.clock.advance(30_000)
    ask({ rpcId: '1', turnId: 'v' })
    await ops.approve({ id: rows()[1]?.id ?? '' }, call())
    bench.clock.advance(30_000)
    expect(rows().map(({ state, decision }) => [state, decision])).toEqual([
      ['expired', 'deny'],
      ['answered', 'approve'],
    ])
    bench.clock.advance(600_000)
    expect(said).toEqual([{ decision: 'approve' }, { decision: 'deny' }])
    expect(bench.clock.pending()).toBe(0)
    expect(await types(bench)).toContain('request.expired')
  })

  it('is put off while somebody else may be looking', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    let isShared = true
    const { ask, only } = makeRoom(bench, { policy, isShared: () => isShared })
    ask()
    bench.clock.advance(60_000)
    expect(only()).toMatchObject({ state: 'pending', expiresAt: bench.clock.now() + 60_000 })
    isShared = false
    bench.clock.advance(60_000)
    expect(only().state).toBe('expired')
  })

  it('runs out as soon as Codex asks again, where it did meanwhile', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, only, said } = makeRoom(bench, { policy })
    ask().abort(new Error('connection lost'))
    bench.clock.advance(600_000)
    expect(only().state).toBe('pending')
    ask()
    bench.clock.advance(0)
    expect(only().state).toBe('expired')
    expect(said).toEqual([{ decision: 'deny' }])
  })

  it('waits on where the clock was set back', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, only } = makeRoom(bench, { policy })
    ask()
    bench.clock.setNow(bench.clock.now() - 30_000)
    bench.clock.advance(60_000)
    expect(only().state).toBe('pending')
    bench.clock.advance(30_000)
    expect(only().state).toBe('expired')
  })
})

describe('a request ends', () => {
  it('elsewhere, where Codex says that it needs no answer of ours', () => {
    using bench = makeBench()
    addLane(bench.store, 't', { activeTurnId: 'u', status: 'busy' })
    const { requests, ask, only, status, said } = makeRoom(bench)
    ask()
    const resolved = { kind: 'request-resolved', threadId: 't', rpcId: '0' } as const
    bench.events.commit((tx) => {
      expect(requests.onFact(tx, { ...resolved, rpcId: '1' })).toBeNull()
      expect(requests.onFact(tx, { ...resolved, threadId: 'x' })).toBeNull()
      expect(requests.onFact(tx, resolved)).toBe('t')
    })
    expect(only().state).toBe('elsewhere')
    expect(status()).toBe('busy')
    expect(said).toEqual([])
  })

  it('withdrawn with its turn, and whoever still waits hears a no', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { requests, ask, only, said } = makeRoom(bench)
    ask()
    bench.events.commit((tx) => requests.onFact(tx, endedFact('t', 'earlier')))
    expect(only().state).toBe('pending')
    bench.events.commit((tx) => requests.onFact(tx, endedFact('t', 'u')))
    expect(only()).toMatchObject({ state: 'withdrawn', closedAt: bench.clock.now() })
    expect(said).toEqual([{ decision: 'deny' }])
  })

  it('lost with its server; a lost connection alone ends nothing', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    let server: ServerInstance | null = { pid: 7, startedAt: 70 }
    const { requests, ask, only } = makeRoom(bench, { server: () => server })
    ask()
    requests.lost({ dead: false })
    requests.joined(joined)
    expect(only().state).toBe('pending')
    server = { pid: 8, startedAt: 80 }
    requests.joined(joined)
    expect(only().state).toBe('lost')
  })

  it('lost with a server that nobody could identify, when another is started', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { requests, ask, only } = makeRoom(bench, { server: () => null })
    ask()
    requests.joined(joined)
    expect(only().state).toBe('pending')
    requests.joined({ ...joined, fresh: true })
    expect(only().state).toBe('lost')
  })

  it('elsewhere, where a thread that is loaded asks nothing any more', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { requests, ask, only } = makeRoom(bench)
    const abort = ask()
    requests.loaded('t', false)
    expect(only().state).toBe('pending')
    abort.abort(new Error('connection lost'))
    requests.loaded('t', true)
    expect(only().state).toBe('pending')
    requests.loaded('t', false)
    expect(only().state).toBe('elsewhere')
  })

  it('lost with an ephemeral lane, which the daemon left', () => {
    using bench = makeBench()
    addLane(bench.store, 't', { ephemeral: true })
    const { requests, ask, only } = makeRoom(bench)
    ask()
    bench.store.lanes.update('t', { archivedAt: 5, status: 'archived' })
    requests.joined(joined)
    expect(only().state).toBe('lost')
  })

  it('and is open again where Codex asks all the same', () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { requests, ask, only } = makeRoom(bench)
    ask().abort(new Error('connection lost'))
    requests.loaded('t', false)
    ask()
    expect(only()).toMatchObject({ state: 'pending', closedAt: null })
  })
})

describe('a list', () => {
  it('has what is pending; the rest where it is asked for; followers see each change', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, rows, ops } = makeRoom(bench)
    ask()
    ask({ rpcId: '1', turnId: 'v' })
    const [first, second] = rows().map(({ id }) => id)
    const abort = new AbortController()
    const seen: unknown[] = []
    const follow = ops.listFollow({}, call({ signal: abort.signal }))
    for await (const { cursor, data } of follow) {
      seen.push(data === null ? cursor : [data.id, data.state])
      if (data === null) await ops.approve({ id: first ?? '' }, call())
      else if (data.state === 'answered') abort.abort()
    }
    expect(seen).toEqual([
      [first, 'pending'],
      [second, 'pending'],
      expect.any(String),
      [first, 'answered'],
    ])
    const list = async (input: Parameters<typeof ops.list>[0]) => {
      const { requests } = await ops.list(input, call())
      return requests.map(({ id }) => id)
    }
    expect(await list({})).toEqual([second])
    expect(await list({ state: 'all' })).toEqual([second, first])
    expect(await list({ state: 'answered' })).toEqual([first])
  })

  it('are named by their lane where it waits for one alone', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, only, said, ops } = makeRoom(bench)
    ask()
    expect(await ops.get({ id: '@t' }, call())).toMatchObject({ id: only().id, state: 'pending' })
    // The id of this call is older than what is asked: whoever made it has not seen that.
    await expect(ops.approve({ id: '@t' }, call())).rejects.toMatchObject({ code: 'conflict' })
    const later = call({ id: 'ffffffff-ffff-7000-8000-000000000001' })
    expect(await ops.approve({ id: '@t' }, later)).toMatchObject({ state: 'answered' })
    expect(said).toEqual([{ decision: 'approve' }])
    await expect(ops.deny({ id: '@t' }, later)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('tells ids that begin alike', async () => {
    using bench = makeBench()
    addLane(bench.store, 't')
    const { ask, rows, ops } = makeRoom(bench)
    ask()
    ask({ rpcId: '1', turnId: 'v' })
    const get = async (id: string) => await ops.get({ id }, call())
    await expect(get('01900000')).rejects.toMatchObject({
      code: 'validation',
      details: { candidates: [{ state: 'pending' }, { state: 'pending' }] },
    })
    // That another one has been answered does not make a beginning that of the one that waits.
    await ops.approve({ id: rows()[0]?.id ?? '' }, call())
    await expect(get('01900000')).rejects.toMatchObject({ code: 'validation' })
    await expect(get('0190')).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no request "0190": give 8 or more characters of its id.',
    })
    expect((await get((rows()[0]?.id ?? '').toUpperCase())).state).toBe('answered')
  })
})

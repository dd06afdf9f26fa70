import { CodexRpcError } from '@dispatch/codex-client'
import { describe, expect, it } from 'vitest'
import { historyReader } from '../src/codex/history-reader.ts'
import { threadReader } from '../src/codex/thread-reader.ts'
import { makeLaneLoading } from '../src/lanes/lane-loading.ts'
import { makeFactWriter } from '../src/turns/fact-writer.ts'
import { makeMissedFacts } from '../src/turns/history.ts'
import { makeIngest } from '../src/turns/ingest.ts'
import { addLane, type Bench, fakeClient, makeBench } from './bench.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A lane whose turn runs, and how it is loaded from that Codex. */
const makeRoom = (bench: Bench, client: ReturnType<typeof fakeClient>) => {
  addLane(bench.store, 't', { activeTurnId: 'u', latestTurnId: 'u', status: 'busy' })
  bench.store.turns.upsert({ threadId: 't', id: 'u', status: 'started', startedAt: 1 })
  const listener = {
    deliveries() {},
    requests: () => null,
    touched() {},
    turnStarted() {},
    turnEnded() {},
    unloaded() {},
  }
  const writer = makeFactWriter({
    ...bench,
    log: silent,
    listener,
    freeHandle: ({ handle }) => handle,
  })
  const ingest = makeIngest({ writer, clock: bench.clock, log: silent })
  const loading = makeLaneLoading({
    ...bench,
    ingest,
    homeId: 'h',
    holderOf: () => null,
    missedFacts: makeMissedFacts({ ...bench, history: historyReader, threads: threadReader }),
    loaded: () => {},
    release: () => {},
  })
  const lane = () => {
    const row = bench.store.lanes.get('t')
    if (!row) throw new Error('no lane')
    return row
  }
  return { ingest, lane, load: () => loading.load(client, lane()) }
}

describe('a lane that Codex refuses to load', () => {
  const refusing = (message: string, loaded: string[] = []) =>
    fakeClient({
      'thread/resume': () => {
        throw new CodexRpcError('thread/resume', { code: -32600, message })
      },
      'thread/loaded/list': () => ({ data: loaded, nextCursor: null }),
    })

  it('has its turn cut where the thread is gone', async () => {
    using bench = makeBench()
    const room = makeRoom(bench, refusing('no rollout found for thread id t'))
    await expect(room.load()).rejects.toMatchObject({ code: 'app_server' })
    expect(room.lane()).toMatchObject({ activeTurnId: null, status: 'idle', held: false })
    expect(bench.store.turns.get('t', 'u')?.status).toBe('interrupted')
  })

  it('is archived where it is archived in Codex', async () => {
    using bench = makeBench()
    const room = makeRoom(bench, refusing('session t is archived. Run `codex unarchive t`'))
    await expect(room.load()).rejects.toMatchObject({ message: expect.stringMatching('archived') })
    expect(room.lane()).toMatchObject({ activeTurnId: null, status: 'archived' })
    expect(bench.store.turns.get('t', 'u')?.status).toBe('interrupted')
  })

  it.each([
    ['the server has it loaded', 'no rollout found for thread id t', ['t']],
    ['another holds it', 'thread t already has an active writer', []],
  ])('keeps its turn where %s', async (_name, message, loaded) => {
    using bench = makeBench()
    const room = makeRoom(bench, refusing(message, loaded))
    await expect(room.load()).rejects.toThrow(message)
    expect(room.lane()).toMatchObject({ activeTurnId: 'u', status: 'busy' })
  })
})

it('a turn that ends while history cannot be read gets its items all the same', async () => {
  using bench = makeBench()
  let fails = true
  const take = (method: string, turn: object) =>
    room.ingest.take({ method, params: { threadId: 't', turn } })
  const standing = () => ({ status: { type: fails ? 'active' : 'idle' } })
  const page = () => ({
    data: [{ id: 'u', status: fails ? 'inProgress' : 'completed' }],
    nextCursor: null,
  })
  const client = fakeClient({
    'thread/resume': () => ({
      sandbox: { type: 'readOnly' },
      thread: standing(),
      initialTurnsPage: page(),
    }),
    'thread/read': () => ({
      thread: { id: 't', cwd: '/', ...standing(), createdAt: 1, updatedAt: 1 },
    }),
    'thread/turns/list': page,
    'thread/items/list': () => {
      if (fails) {
        take('turn/completed', { id: 'u', status: 'completed' })
        throw new Error('no answer')
      }
      const item = { id: 'm', type: 'agentMessage', text: 'the answer' }
      return { data: [{ turnId: 'u', item, startedAtMs: 1, completedAtMs: 2 }], nextCursor: null }
    },
  })
  const room = makeRoom(bench, client)
  await expect(room.load()).rejects.toThrow('no answer')
  // The subscription is there, so the end may also come after the failure.
  take('turn/completed', { id: 'u', status: 'completed' })
  room.ingest.drain()
  fails = false
  await room.load()
  expect(room.lane()).toMatchObject({
    status: 'idle',
    activeTurnId: null,
    lastMessage: 'the answer',
  })
  take('turn/started', { id: 'v', status: 'inProgress' })
  room.ingest.drain()
  expect(room.lane().activeTurnId).toBe('v')
})

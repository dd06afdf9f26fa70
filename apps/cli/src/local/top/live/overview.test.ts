// What is read again when something happens, and how often.
import { type DispatchClient, DispatchError } from '@dispatch/client'
import type { AuditRow, DispatchEvent } from '@dispatch/contract'
import { expect, test } from 'vitest'
import type { Change } from '../model/change.ts'
import { detail, lane } from '../testing/samples.ts'
import { followOverview } from './overview.ts'

type Follower = { onBegin(): void; onLost(): void; onBack(): void; signal: AbortSignal }

// A stream that a test feeds.
const makeFeed = () => {
  const { readable, writable } = new TransformStream<{ data: DispatchEvent | AuditRow }>()
  const writer = writable.getWriter()
  return {
    stream: (signal: AbortSignal) => {
      signal.addEventListener('abort', () => void writer.close().catch(() => undefined))
      return readable[Symbol.asyncIterator]()
    },
    push: (data: DispatchEvent | AuditRow) => writer.write({ data }),
  }
}

const makeBench = () => {
  const calls: string[] = []
  const changes: Change[] = []
  const timers: (() => void)[] = []
  const events = makeFeed()
  const rows = makeFeed()
  const ending = new AbortController()
  let follower: Follower | null = null
  let now = 0
  const answers = {
    list: () => ({ lanes: [lane('a'), lane('b')], nextCursor: null }),
    get: ({ lane: id }: { lane: string }) => detail(id.replace('id-', '')),
    requests: () => ({ requests: [], nextCursor: null }),
    queue: () => ({ lanes: [], messages: [], total: 0 }),
    triggers: () => ({ triggers: [], nextCursor: null }),
    status: () => ({ codex: { state: 'ready' } }),
  }
  const told =
    <Input>(name: string, answer: (input: Input) => unknown) =>
    async (input: Input): Promise<unknown> => {
      calls.push(name)
      return answer(input)
    }
  const api = {
    list: told('list', () => answers.list()),
    get: told('get', (input: { lane: string }) => answers.get(input)),
    request: { list: told('requests', answers.requests) },
    queue: { list: told('queue', answers.queue) },
    trigger: { list: told('triggers', answers.triggers) },
    daemon: {
      status: told('status', answers.status),
      logFollow: (_: unknown, { signal }: Follower) => rows.stream(signal),
    },
    watchFollow: (_: unknown, options: Follower) => {
      follower = options
      return events.stream(options.signal)
    },
  } as unknown as DispatchClient['api']
  const clock = {
    now: () => now,
    monotonic: () => now,
    after: (_ms: number, run: () => void) => {
      timers.push(run)
      return () => void timers.splice(timers.indexOf(run), 1)
    },
    pause: async () => undefined,
  }
  const { promise: read, resolve: onRead } = Promise.withResolvers<void>()
  const ended = followOverview({
    ...{ api, clock, signal: ending.signal },
    change: (change) => {
      changes.push(change)
      if (change.kind === 'triggers') onRead()
    },
  })
  return {
    ...{ calls, changes, events, rows, timers, answers, read },
    follower: () => follower as unknown as Follower,
    pass: (ms: number) => (now += ms),
    /** Lets time pass until what is gathered has been read. */
    settle: async () => {
      await new Promise<void>((resolve) => void setImmediate(resolve))
      for (const run of timers.splice(0)) run()
      await new Promise<void>((resolve) => void setImmediate(resolve))
    },
    async [Symbol.asyncDispose]() {
      ending.abort()
      await ended
    },
  }
}

const event = (type: DispatchEvent['type'], name: string | null, data = {}): DispatchEvent => ({
  ...{ cursor: '1.1', at: '2026-03-01T12:00:00.000Z', type, data },
  lane: name === null ? null : { ref: name, id: `id-${name}`, handle: `@${name}` },
})

const begun = async () => {
  const bench = makeBench()
  bench.follower().onBegin()
  await bench.settle()
  await bench.read
  bench.calls.length = 0
  bench.changes.length = 0
  return bench
}

test('all is read when it is certain that nothing will be missed', async () => {
  await using bench = makeBench()
  expect(bench.calls).toEqual([])
  bench.follower().onBegin()
  await bench.settle()
  expect(bench.calls.toSorted()).toEqual(
    ['list', 'queue', 'requests', 'status', 'triggers'].toSorted(),
  )
})

test('what happens to a lane is gathered, and the lane read once', async () => {
  await using bench = await begun()
  await bench.events.push(event('turn.started', 'a', { turnId: 't' }))
  await bench.events.push(event('lane.status-changed', 'a', { from: 'idle', to: 'busy' }))
  await bench.settle()
  expect(bench.calls).toEqual(['get'])
  expect(bench.changes.map(({ kind }) => kind)).toEqual(['some-lanes', 'detail'])
})

test('what streams is shown and makes nothing read', async () => {
  await using bench = await begun()
  const command = { type: 'commandExecution', text: '$ npm test' }
  await bench.events.push(event('item.started', 'a', command))
  await bench.settle()
  expect(bench.calls).toEqual([])
  expect(bench.changes).toEqual([{ kind: 'doing', laneId: 'id-a', what: '$ npm test' }])
  expect(bench.timers).toEqual([])
})

test('a command is shown without its shell, and still when its output has come', async () => {
  await using bench = await begun()
  const command = { type: 'commandExecution', text: "$ /bin/bash -lc 'npm test'" }
  await bench.events.push(event('item.started', 'a', command))
  const done = { ...command, text: `${command.text}\nok` }
  await bench.events.push(event('item.completed', 'a', done))
  await bench.settle()
  expect(bench.changes).toEqual([{ kind: 'doing', laneId: 'id-a', what: '$ npm test' }])
})

test('many lanes at once are read as a page', async () => {
  await using bench = await begun()
  for (let at = 0; at < 40; at += 1) await bench.events.push(event('turn.started', `l${at}`))
  await bench.settle()
  expect(bench.calls).toEqual(['list'])
})

test('an op that makes no event is known by the audit trail', async () => {
  await using bench = await begun()
  const row = { id: 1, at: '', op: 'trigger.pause', actor: 'cli', laneId: null, ref: null }
  await bench.rows.push({ ...row, outcome: 'ok', detail: {} })
  await bench.settle()
  expect(bench.calls).toEqual(['triggers'])
})

test('a lane that is archived or forgotten goes', async () => {
  await using bench = await begun()
  bench.answers.get = ({ lane: id }) => detail(id.replace('id-', ''), { status: 'archived' })
  await bench.events.push(event('lane.archived', 'a'))
  await bench.settle()
  expect(bench.changes).toEqual([{ kind: 'some-lanes', lanes: [], gone: ['id-a'] }])
  await bench.events.push(event('lane.detached', null, { ref: 'b' }))
  await bench.settle()
  expect(bench.calls).toEqual(['get', 'list'])
})

test('a daemon that is gone is told, and all is read again when it is back', async () => {
  await using bench = await begun()
  bench.follower().onLost()
  bench.follower().onBack()
  await bench.settle()
  expect(bench.changes.slice(0, 2)).toEqual([
    { kind: 'link', link: 'lost' },
    { kind: 'link', link: 'live' },
  ])
  expect(bench.calls).toHaveLength(5)
})

test('an answer that fails is said, and asked for again though nothing happens', async () => {
  await using bench = await begun()
  const get = bench.answers.get
  bench.answers.get = () => {
    throw new Error('no')
  }
  await bench.events.push(event('turn.started', 'a'))
  await bench.settle()
  expect(bench.changes).toEqual([{ kind: 'notice', notice: { tone: 'error', text: 'no' } }])
  bench.answers.get = get
  await bench.settle()
  expect(bench.calls).toEqual(['get', 'get'])
  expect(bench.changes.slice(1).map(({ kind }) => kind)).toEqual(['some-lanes', 'detail'])
  expect(bench.timers).toEqual([])
})

test('a daemon that is gone is asked for nothing until it is back', async () => {
  await using bench = await begun()
  bench.answers.get = () => {
    throw new DispatchError('daemon_unreachable', 'gone')
  }
  await bench.events.push(event('turn.started', 'a'))
  await bench.settle()
  expect(bench.changes).toEqual([])
  expect(bench.timers).toEqual([])
})

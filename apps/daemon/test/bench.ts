// What the pure tests stand on: a registry in a temporary folder, an event log and a clock over it,
// and rows and facts to put in.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CodexClient } from '@dispatch/codex-client'
import type { Call, DispatchEvent } from '@dispatch/contract'
import { type GoalRow, type LaneRow, openStore, type Store } from '@dispatch/store'
import {
  deliveryRow,
  laneRow,
  requestAsk,
  requestRow,
  triggerRow,
  triggerRunRow,
  triggerSpec,
} from '@dispatch/store/testing'
import { type Audit, makeAudit } from '../src/audit/audit.ts'
import { type FakeClock, fakeClock } from '../src/clock/fake-clock.ts'
import type { Turnstile } from '../src/clock/turnstile.ts'
import type { CodexLink } from '../src/codex/codex-link.ts'
import type { Fact, GoalFact, ItemFact, TurnFact } from '../src/codex/fact.ts'
import { type Fence, makeFence } from '../src/codex/fence.ts'
import { type DeliveryWriter, makeDeliveryWriter } from '../src/deliveries/delivery-writer.ts'
import { type Idempotency, makeIdempotency } from '../src/deliveries/idempotency.ts'
import { type EventLog, makeEventLog } from '../src/events/event-log.ts'
import type { Log } from '../src/log/log.ts'
import { makeSignal, type Signal } from '../src/events/signal.ts'
import { type LaneChanges, makeLaneChanges } from '../src/lanes/lane-changes.ts'
import { type LaneWorkers, makeLaneWorkers } from '../src/lanes/lane-worker.ts'
import type { Host } from '../src/host/host.ts'
import { makeFactWriter } from '../src/turns/fact-writer.ts'
import { type Ingest, makeIngest } from '../src/turns/ingest.ts'

export { deliveryRow, laneRow, requestAsk, requestRow, triggerRow, triggerRunRow, triggerSpec }

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

export type Bench = Disposable & {
  folder: string
  store: Store
  clock: FakeClock
  events: EventLog
  changes: LaneChanges
  /** Lets everybody through at once. */
  pass: Turnstile
  /** Everything that was committed, oldest first. */
  happened(): Promise<DispatchEvent[]>
}

export const makeBench = (): Bench => {
  const folder = mkdtempSync(join(tmpdir(), 'dispatch-daemon-'))
  const store = openStore({ file: join(folder, 'registry.db') })
  store.events.beginEpoch()
  const clock = fakeClock()
  const label = (threadId: string) => ({ ref: '0aaaa1', id: threadId, handle: `@${threadId}` })
  const events = makeEventLog({ store, clock, label, log: silent })
  return {
    folder,
    store,
    clock,
    events,
    changes: makeLaneChanges(clock),
    pass: () => Promise.resolve(),
    happened: async () => {
      const last = events.lastCursor()
      const seen: DispatchEvent[] = []
      if (last === '1.0') return seen
      const query = { after: '0', threadIds: null, types: null, live: false }
      const { signal } = new AbortController()
      for await (const { data } of events.follow({ ...query, signal })) {
        seen.push(data)
        if (data.cursor === last) break
      }
      return seen
    },
    [Symbol.dispose]: () => {
      store[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const addLane = (store: Store, threadId: string, part: Partial<LaneRow> = {}): LaneRow => {
  const row = laneRow(threadId, { ref: store.refs.allocate(threadId), ...part })
  store.lanes.insert(row)
  return row
}

export const turnFact = (id: string, part: Partial<TurnFact> = {}): TurnFact => ({
  id,
  status: 'started',
  startedAt: 1_000,
  completedAt: null,
  durationMs: null,
  error: null,
  ...part,
})

export const itemFact = (id: string, part: Partial<ItemFact> = {}): ItemFact => ({
  id,
  type: 'agentMessage',
  text: `text of ${id}`,
  status: null,
  clientId: null,
  startedAt: 1_000,
  completedAt: 2_000,
  ...part,
})

export const startedFact = (threadId: string, id: string): Fact => ({
  kind: 'turn-started',
  threadId,
  turn: turnFact(id),
})

export const endedFact = (threadId: string, id: string, part: Partial<TurnFact> = {}): Fact => ({
  kind: 'turn-ended',
  threadId,
  turn: turnFact(id, { status: 'completed', completedAt: 3_000, durationMs: 2_000, ...part }),
})

export const itemDone = (threadId: string, turnId: string, item: ItemFact): Fact => ({
  kind: 'item-completed',
  threadId,
  turnId,
  item,
})

export const call = (part: Partial<Call> = {}): Call => ({
  id: '01900000-0000-7000-8000-000000000001',
  caller: 'cli',
  cwd: '/work',
  zone: 'UTC',
  threadId: null,
  after: null,
  signal: new AbortController().signal,
  ...part,
})

type Answer = (params: Record<string, unknown>) => unknown

/** A client that answers from a table and keeps what it was asked. */
export type FakeClient = CodexClient & { asked: { method: string; params: never }[] }

export const fakeClient = (answers: Record<string, Answer>): FakeClient => {
  const asked: FakeClient['asked'] = []
  const client = {
    asked,
    server: { version: '1.0.0', userAgent: 'x/1.0.0', codexHome: '/codex' },
    request: async (method: string, params: never) => {
      asked.push({ method, params })
      const answer = answers[method]
      if (!answer) throw new Error(`nobody expected ${method}`)
      return await answer(params)
    },
    closed: new Promise<never>(() => {}),
    stats: () => ({ open: 0, waiting: 0, unknownNotifications: {} }),
    [Symbol.asyncDispose]: async () => {},
  }
  return client as FakeClient
}

export const fakeLink = (client: CodexClient | null, part: Partial<CodexLink> = {}): CodexLink => ({
  status: () => ({
    state: 'ready',
    connection: 'own',
    binary: '/bin/codex',
    version: '1.0.0',
    stale: false,
    pid: 7,
    socket: '/s',
    home: '/codex',
    error: null,
  }),
  client: async () => {
    if (!client) throw new Error('no client')
    return client
  },
  current: () => client,
  instance: () => ({ pid: 7, startedAt: 70 }),
  settled: () => {},
  replace: async () => {},
  withdraw: () => {},
  again: () => {},
  end: async () => 7,
  ...part,
})

export const host = (part: Partial<Host> = {}): Host => ({
  pid: process.pid,
  uid: process.getuid?.() ?? 0,
  platform: process.platform,
  execPath: process.execPath,
  homedir: '/home/somebody',
  cwd: '/work',
  tmpdir: tmpdir(),
  env: {},
  kill: (pid, signal) => void process.kill(pid, signal),
  ...part,
})

/** Workers of lanes, for rooms that take them as a service. */
export const laneWorkers = (): LaneWorkers => makeLaneWorkers()

/** The writer of deliveries, for rooms that take it as a service. */
export const deliveryWriter = (bench: Bench): DeliveryWriter => makeDeliveryWriter(bench)

/** The keys of requests, for rooms that take them as a service. */
export const idempotencyOf = (bench: Bench): Idempotency => makeIdempotency(bench)

/** The fence, for rooms that take it as a service. */
export const fenceOf = (bench: Bench, client: CodexClient): Fence =>
  makeFence({ clock: bench.clock, link: fakeLink(client) })

/** The way in for what Codex says, for rooms that take it as a service. `wrote`: told of each fact. */
export const ingestOf = (bench: Bench, wrote: (fact: Fact) => void = () => {}): Ingest => {
  const writer = makeFactWriter({
    ...bench,
    log: silent,
    freeHandle: ({ handle }) => handle,
    listener: {
      deliveries: (_tx, _lane, fact) => wrote(fact),
      requests: () => null,
      touched: bench.changes.touched,
      turnStarted: () => {},
      turnEnded: () => {},
      unloaded: () => {},
    },
  })
  return makeIngest({ ...bench, log: silent, writer })
}

/** The audit trail, for rooms that take it as a service. */
export const auditOf = (bench: Bench): { audit: Audit; appended: Signal } => {
  const appended = makeSignal(silent)
  return { audit: makeAudit({ ...bench, log: silent, appended }), appended }
}

export const goalFact = (part: Partial<GoalFact> = {}): GoalFact => ({
  objective: 'ship',
  status: 'active',
  tokenBudget: null,
  tokensUsed: 0,
  timeUsedSeconds: 0,
  createdAt: 1_000,
  updatedAt: 1_000,
  ...part,
})

export const goalRow = (threadId: string, part: Partial<GoalRow> = {}): GoalRow => ({
  ...goalFact(),
  threadId,
  heardAt: 1_000,
  pausedFor: null,
  ...part,
})

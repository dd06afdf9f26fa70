// One daemon of the month: the room of triggers over the registry on disk, with what it needs of the
// others as plain as it can be. It may be killed at any commit and on every message's way: it is thrown
// away as it stands, and nothing of it goes on.
import { type Call, type DaemonServices, DispatchError } from '@dispatch/contract'
import { type DeliveryRow, openStore, type Store } from '@dispatch/store'
import { makeAudit } from '../../src/audit/audit.ts'
import type { CodexLink } from '../../src/codex/codex-link.ts'
import { type EventLog, makeEventLog } from '../../src/events/event-log.ts'
import { makeSignal } from '../../src/events/signal.ts'
import { makeLaneChanges } from '../../src/lanes/lane-changes.ts'
import { makeLaneFinder } from '../../src/lanes/lane-resolver.ts'
import { makeTriggers } from '../../src/triggers/triggers.ts'
import type { Sending } from '../../src/turns/sending.ts'
import { call, deliveryRow, laneRow, requestRow } from '../bench.ts'
import type { Codex, Told } from './codex.ts'
import type { Time } from './time.ts'

/** A daemon. */
export type MonthDaemon = {
  readonly start: number
  readonly store: Store
  /** When it was killed; null while it lives. */
  end(): number | null
  kill(): void
  /** It hears of that. */
  tell(told: Told): void
  trigger: DaemonServices['trigger']
}

type DaemonOptions = {
  file: string
  time: Time
  codex: Codex
  newId: () => string
  /** It is killed at that point of its life; null: at none. */
  fuse: number | null
  /** When it was written that they failed. */
  failed: Map<string, number>
  /** Messages that waited in a queue, from and to. */
  waits: Map<string, { lane: string; from: number; to: number | null }>
  turnMs: (lane: string) => number
  /** What happened before it began. */
  missed: readonly Told[]
  /** Cursors of what it was told. */
  cursors: Map<string, { told: Told; at: number }>
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

class Killed extends Error {}

/** Starts one. */
export const startMonthDaemon = (options: DaemonOptions): MonthDaemon => {
  const { time, codex, newId, waits, cursors } = options
  const start = time.now()
  let points = 0
  let end: number | null = null

  const live = (): void => {
    if (end !== null) throw new Killed()
  }
  const point = (): void => {
    live()
    points += 1
    if (points !== options.fuse) return
    end = time.now()
    throw new Killed()
  }

  // A process ends here, and no machine: what is committed is there, on disk or on its way to it.
  const opened = openStore({ file: options.file })
  const store: Store = { ...opened, durable: opened.transaction }
  store.events.beginEpoch()
  const clock = time.clock(() => end !== null)
  const label = (threadId: string) => ({ ref: '0aaaa1', id: threadId, handle: `@${threadId}` })
  const events = makeEventLog({ store, clock, label, log: silent })
  const changes = makeLaneChanges(clock)

  const killable: EventLog = {
    ...events,
    commit: (fn, how) => {
      point()
      const failures: string[] = []
      const result = events.commit(
        (tx) =>
          fn({
            ...tx,
            append: (event) => {
              if (event.type === 'trigger.failed') failures.push(String(event.data['runId']))
              return tx.append(event)
            },
          }),
        how,
      )
      for (const id of failures) options.failed.set(id, time.now())
      point()
      return result
    },
  }

  // Nobody who was killed answers.
  const never = new Promise<never>(() => undefined)
  const { promise: joined, resolve: join } = Promise.withResolvers<void>()

  const accept = (threadId: string, id: string, turnId: string | null): void => {
    store.deliveries.update(id, { state: 'accepted', turnId, acceptedAt: time.now() })
    changes.touched([threadId])
  }

  const drain = (lane: string): void => {
    const [next] = store.deliveries.queue(lane)
    if (!next || codex.active(lane)) return
    const turn = codex.begin(lane, { message: next.id, ms: options.turnMs(lane) })
    accept(lane, next.id, turn?.id ?? null)
    const wait = waits.get(next.id)
    if (wait) wait.to = time.now()
  }

  const handOver = (row: DeliveryRow): void => {
    const { id, threadId, mode } = row
    store.deliveries.insert(row)
    point()
    const turn =
      mode === 'context'
        ? codex.brief(id)
        : codex.begin(threadId, { message: id, ms: options.turnMs(threadId) })
    point()
    accept(threadId, id, turn?.id ?? null)
  }

  const put = async (lane: string, asked: Pick<DeliveryRow, 'mode' | 'text'>, id: string) => {
    const row = deliveryRow(id, lane, { ...asked, createdAt: time.now() })
    const isBusy = codex.active(lane) !== null || store.deliveries.queue(lane).length > 0
    if (asked.mode === 'context' || !isBusy) return handOver(row)
    store.deliveries.enqueue({ ...row, state: 'queued' })
    waits.set(id, { lane, from: time.now(), to: null })
  }

  const guarded = async (work: () => Promise<void>): Promise<never> => {
    await joined
    try {
      point()
      await work()
    } catch (error) {
      if (error instanceof Killed) return await never
      throw error
    }
    return undefined as never
  }

  const sending: Sending = {
    send: (lane, { mode, text }, { id }) =>
      guarded(async () => {
        const { threadId } = lane
        const isBusy = codex.active(threadId) !== null
        if (mode === 'send' && isBusy) throw new DispatchError('lane_busy', 'A turn runs.')
        await put(threadId, { mode, text }, id)
      }),
  }

  const newLane = (_input: unknown, { id }: Call): Promise<never> =>
    guarded(async () => {
      const lane = `new-${id}`
      const ref = store.refs.allocate(lane)
      store.lanes.insert(laneRow(lane, { ref, callId: id, createdAt: time.now() }))
      await put(lane, { mode: 'send', text: 'new' }, id)
    })

  const archive = async ({ lane }: { lane: string }): Promise<never> => {
    live()
    store.lanes.update(lane, { archivedAt: time.now() })
    return undefined as never
  }

  const takeTurn = (told: Extract<Told, { turn: unknown }>): void => {
    const { turn, is } = told
    const { id, lane: threadId, outcome } = turn
    events.commit((tx) => {
      const isOver = is === 'ended'
      store.turns.upsert({
        threadId,
        id,
        status: isOver ? outcome : 'started',
        startedAt: turn.start,
        ...(isOver ? { completedAt: turn.end } : {}),
      })
      store.lanes.update(threadId, {
        latestTurnId: id,
        activeTurnId: isOver ? null : id,
        status: isOver ? 'idle' : 'busy',
      })
      const type = isOver ? (`turn.${outcome}` as const) : 'turn.started'
      const cursor = tx.append({ threadId, type, data: { turnId: id } })
      if (cursor !== null) cursors.set(cursor, { told, at: time.now() })
    })
  }

  const takeRequest = (told: Extract<Told, { asked: unknown }>): void => {
    const { id, turn, from, to } = told.asked
    const isOpen = told.is === 'asked'
    // Nobody is told of what was asked and answered meanwhile.
    if (isOpen ? to !== null : store.requests.get(id) === null) return
    events.commit((tx) => {
      const row = requestRow(id, { laneId: turn.lane, threadId: turn.lane, turnId: turn.id })
      if (isOpen) store.requests.insert({ ...row, createdAt: from })
      else store.requests.update(id, { state: 'answered', closedAt: time.now() })
      const type = isOpen ? 'request.opened' : 'request.answered'
      const data = { requestId: id, threadId: turn.lane, turnId: turn.id }
      const cursor = tx.append({ threadId: turn.lane, type, data })
      if (cursor !== null) cursors.set(cursor, { told, at: time.now() })
    })
  }

  const tell = (told: Told): void => {
    if ('turn' in told) takeTurn(told)
    else takeRequest(told)
  }

  const reconcile = (): void => {
    for (const { id, threadId, state } of store.deliveries.unsettled()) {
      if (state !== 'submitting') continue
      const turn = codex.turns.find(({ message }) => message === id)
      if (codex.messages.has(id)) accept(threadId, id, turn?.id ?? null)
      else {
        store.deliveries.update(id, { state: 'failed', failure: 'Codex never had it.' })
        changes.touched([threadId])
      }
    }
  }

  const appended = makeSignal(silent)
  const triggers = makeTriggers({
    store,
    clock,
    log: silent,
    events: killable,
    audit: makeAudit({ store, clock, log: silent, appended }),
    link: {
      current: () => null,
      client: () => Promise.reject(new Error('none')),
    } as unknown as CodexLink,
    changes,
    pass: () => Promise.resolve(),
    sending,
    newLane,
    archive,
    find: makeLaneFinder(store),
    checkPresets: () => undefined,
    isDraining: () => false,
    newId,
  })
  for (const told of options.missed) tell(told)
  reconcile()
  for (const lane of store.deliveries.lanesWithQueue()) drain(lane)
  join()

  return {
    start,
    store: opened,
    end: () => end,
    kill: () => {
      end ??= time.now()
    },
    tell: (told) => {
      tell(told)
      if (told.is === 'ended') drain(told.turn.lane)
    },
    trigger: triggers.service,
  }
}

/** A call of a person. */
export const personCall = (id: string): Call => call({ id, zone: 'UTC' })

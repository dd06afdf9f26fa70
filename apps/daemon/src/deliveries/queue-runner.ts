// Runs the queues of lanes: looks at what comes next on a lane and does it, in the lane's worker.
// Looked at after a message was queued, a turn has ended, a message on its way has come to its end, the
// App Server was joined, a hold was lifted. What cannot be started now stays where it is.
import type { CodexClient } from '@dispatch/codex-client'
import { toDispatchError } from '@dispatch/contract'
import type { DeliveryHead, DeliveryRow, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Turnstile } from '../clock/turnstile.ts'
import { isThreadArchived, isThreadGone } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { Log } from '../log/log.ts'
import { isBegun } from '../turns/begun.ts'
import type { Ingest } from '../turns/ingest.ts'
import { decideNext, type Next } from './decide-next.ts'
import type { DeliveryWriter } from './delivery-writer.ts'
import type { Injection } from './injection.ts'
import { departureOf } from './message.ts'
import { makeTurnSlots } from './turn-slots.ts'
import type { TurnStart } from './turn-start.ts'

/** What others do around the turn of a message that waited. Both run in the lane's worker: short, and never through it. */
export type AroundTurn = {
  /**
   * Before anything of the message has left for Codex; the lane is loaded and idle. When it throws, the
   * message waits on and is tried again. It may run more than once for a message, and the message need
   * not start then: what it did is to hold until the lane's next `after`.
   */
  before(client: CodexClient, lane: LaneRow, row: DeliveryHead): Promise<void>
  /** Once Codex has told of the start of its turn; also where the message surely has not started one. */
  after(lane: LaneRow, row: DeliveryRow): Promise<void>
}

/** What it needs. */
export type RunnerOptions = {
  store: Store
  clock: Clock
  log: Log
  events: EventLog
  link: CodexLink
  ingest: Ingest
  loading: LaneLoading
  workers: LaneWorkers
  changes: LaneChanges
  deliveries: DeliveryWriter
  start: TurnStart
  inject: Injection
  around: AroundTurn
  /** Interrupts the lane's turn as `stop` does, outside of its worker. */
  interrupt: (lane: LaneRow, signal: AbortSignal) => Promise<unknown>
  isDraining: () => boolean
  /** To have a message on disk takes milliseconds, and a hundred lanes may be about to. */
  pass: Turnstile
  /** How many lanes may work at once, or null for all. */
  maxActive: () => number | null
  /** How long before try number `attempt`, from 1 on. */
  backoffMs: (attempt: number) => number
}

/** Runs queues. */
export type QueueRunner = Disposable & {
  /** Does what comes next on the lane, until it has to wait. Inside the lane's worker; never throws. */
  run(threadId: string): Promise<void>
  /** The same in its worker, later. */
  wake(threadId: string): void
  /** Every lane that has a queue. */
  wakeAll(): void
  /** Whether a lane that does not work yet would be one too many. */
  isFull(threadId: string): boolean
}

const BEGUN_MS = 10_000

/** Makes the runner. */
export const makeQueueRunner = (options: RunnerOptions): QueueRunner => {
  const { store, clock, log, events, link, ingest, loading, workers, changes } = options
  const { deliveries, around } = options
  const ending = new AbortController()
  const tries = new Map<string, { attempt: number; timer: Disposable | null }>()
  const due = new Map<string, { until: number; timer: Disposable }>()
  const interrupting = new Map<string, string>()

  const next = (threadId: string): Next => {
    const lane = store.lanes.get(threadId)
    if (!lane) return { do: 'wait', why: 'empty' }
    const unsettled = store.deliveries.unsettled(threadId)
    return decideNext(lane, unsettled, { draining: options.isDraining(), now: clock.now() })
  }

  const slots = makeTurnSlots({
    limit: options.maxActive,
    working: store.deliveries.working,
    waiting: store.deliveries.lanesWithQueue,
    wants: (threadId) => {
      // One that could not be started waits for its own time.
      if (tries.get(threadId)?.timer) return false
      const at = next(threadId)
      return at.do === 'start' && at.row.mode === 'queue'
    },
    wake: (threadId) => wake(threadId),
  })

  const wakeAt = (threadId: string, until: number): void => {
    if (due.get(threadId)?.until === until || ending.signal.aborted) return
    due.get(threadId)?.timer[Symbol.dispose]()
    const timer = clock.at(Math.max(until - clock.now(), 0), () => {
      due.delete(threadId)
      wake(threadId)
    })
    due.set(threadId, { until, timer })
  }

  const forgetTries = (threadId: string): void => {
    tries.get(threadId)?.timer?.[Symbol.dispose]()
    tries.delete(threadId)
  }

  // Without a link the next join comes to every queue.
  const tryAgain = (threadId: string): void => {
    const attempt = (tries.get(threadId)?.attempt ?? 0) + 1
    forgetTries(threadId)
    if (ending.signal.aborted || !link.current()) return
    const timer = clock.at(options.backoffMs(attempt), () => {
      tries.set(threadId, { attempt, timer: null })
      wake(threadId)
    })
    tries.set(threadId, { attempt, timer })
  }

  const fail = (row: DeliveryHead, failure: string): void => {
    const judgement = { state: 'failed', turnId: null, failure } as const
    events.commit((tx) => deliveries.settle(tx, row.id, judgement), { durable: true })
    changes.touched([row.threadId])
  }

  const announce = async (lane: LaneRow, row: DeliveryRow): Promise<void> => {
    const { threadId } = lane
    const turnId = store.deliveries.get(row.id)?.turnId ?? null
    try {
      if (turnId !== null) {
        const limits = { signal: ending.signal, timeoutMs: BEGUN_MS }
        await changes.until([threadId], () => isBegun(store, threadId, turnId), limits)
      }
      await workers.run(threadId, () => around.after(lane, row))
    } catch (error) {
      if (!ending.signal.aborted) log.warn('queue.after-failed', { thread: threadId, error })
    }
  }

  /** The message on disk as on its way; null where something came between. */
  const depart = async (client: CodexClient, waiting: DeliveryHead) => {
    const { id, threadId, mode } = waiting
    const lane = store.lanes.get(threadId)
    if (!lane) return null
    await loading.load(client, lane)
    if (mode !== 'context') await around.before(client, lane, waiting)
    await options.pass()
    ingest.drain()
    const at = next(threadId)
    const current = store.lanes.get(threadId)
    const isStill = at.do === 'start' && at.row.id === id && link.current() === client
    if (!isStill || !current) return null
    slots.started(threadId)
    const departure = departureOf(current, { at: clock.now(), server: link.instance() })
    events.commit((tx) => deliveries.departed(tx, waiting, departure), { durable: true })
    const row = store.deliveries.get(id)
    return row && { lane: current, row }
  }

  const handOver = async (client: CodexClient, lane: LaneRow, row: DeliveryRow): Promise<void> => {
    try {
      await (row.mode === 'context' ? options.inject : options.start)(client, lane, row)
    } catch (error) {
      // The delivery has failed, and says so itself.
      log.info('queue.refused', { delivery: row.id, error: toDispatchError(error).code })
    }
    if (row.mode !== 'context') void announce(lane, row)
  }

  /** Whether there may be more to do. */
  const start = async (client: CodexClient, waiting: DeliveryHead): Promise<boolean> => {
    const { threadId } = waiting
    try {
      const departed = await depart(client, waiting)
      forgetTries(threadId)
      if (!departed) return link.current() === client
      await handOver(client, departed.lane, departed.row)
      return true
    } catch (error) {
      // The others of the queue would fare alike: they stay.
      if (isThreadGone(error) || isThreadArchived(error)) {
        fail(waiting, toDispatchError(error).message)
        return false
      }
      throw error
    }
  }

  const interrupt = (threadId: string, turnId: string): void => {
    const lane = store.lanes.get(threadId)
    if (!lane || interrupting.get(threadId) === turnId) return
    interrupting.set(threadId, turnId)
    const interrupted = async (): Promise<void> => {
      try {
        await options.interrupt(lane, ending.signal)
      } catch (error) {
        if (!ending.signal.aborted) log.warn('queue.interrupt-failed', { thread: threadId, error })
      } finally {
        if (interrupting.get(threadId) === turnId) interrupting.delete(threadId)
        // Whoever sent it wants it now, not when this turn ends by itself.
        if (store.lanes.get(threadId)?.activeTurnId === turnId) tryAgain(threadId)
      }
    }
    void interrupted()
  }

  const run = async (threadId: string): Promise<void> => {
    try {
      for (let more = true; more && !ending.signal.aborted;) {
        const at = next(threadId)
        const client = link.current()
        if (at.do === 'wait' && at.why === 'retrying') return wakeAt(threadId, at.until)
        if (at.do === 'wait' || !client) return
        if (at.do === 'interrupt') return interrupt(threadId, at.turnId)
        if (at.row.mode === 'queue' && !slots.admit(threadId)) return
        more = await start(client, at.row)
      }
    } catch (error) {
      log.warn('queue.failed', { thread: threadId, error })
      tryAgain(threadId)
    } finally {
      slots.gaveUp(threadId)
      // A turn has ended, perhaps: another lane's may begin.
      if (link.current() && !ending.signal.aborted) slots.deal()
    }
  }

  const wake = (threadId: string): void => void workers.run(threadId, () => run(threadId))

  return {
    run,
    wake,
    isFull: slots.isFull,
    wakeAll: () => {
      for (const threadId of store.deliveries.lanesWithQueue()) wake(threadId)
    },
    [Symbol.dispose]() {
      ending.abort()
      for (const threadId of [...tries.keys()]) forgetTries(threadId)
      for (const { timer } of due.values()) timer[Symbol.dispose]()
    },
  }
}

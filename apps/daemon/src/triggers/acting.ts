// Acts on occurrences that are on disk: hands the message over by the same way as anybody's. The
// delivery has the id of the occurrence, so acting again on one, after a crash, is the same delivery;
// and one that is there already is judged and never handed over again.
import {
  type Call,
  type DaemonServices,
  type DeliveryMode,
  DispatchError,
  type ErrorCode,
  toDispatchError,
} from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store, TriggerRow, TriggerRunRow } from '@dispatch/store'
import { type Audit, textToShape } from '../audit/audit.ts'
import { isThreadArchived, isThreadGone } from '../codex/codex-failure.ts'
import type { Turnstile } from '../clock/turnstile.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { Log } from '../log/log.ts'
import type { Sending } from '../turns/sending.ts'
import type { TriggerBook } from './trigger-book.ts'

/** What acting needs. */
export type ActingOptions = {
  store: Store
  log: Log
  events: EventLog
  audit: Audit
  link: CodexLink
  changes: LaneChanges
  sending: Sending
  newLane: DaemonServices['new']
  /** Looks at a lane that it made and that has nothing to do. */
  putAway: (laneId: string) => void
  /** What became of one could not be written: it is planned still. */
  left: () => void
  book: TriggerBook
  /** To act takes a millisecond, and a thousand may be due at once. */
  pass: Turnstile
  /** Whether the daemon takes no more messages and is about to leave. */
  isDraining: () => boolean
}

/** Acts on occurrences. */
export type Acting = Disposable & {
  /** Until the occurrence is settled, by whoever began it; never throws. None waits for another one. */
  act(run: TriggerRunRow): Promise<void>
  /** Whether an occurrence of that trigger is being acted on. */
  isUnderWay(triggerId: string): boolean
  /** Resolves when nothing is being acted on. */
  drained(): Promise<void>
}

const notTaken = (failure: string | null) =>
  ({ message: failure ?? 'Codex does not have the message.', code: 'app_server' }) as const

/** Makes the acting. */
export const makeActing = (options: ActingOptions): Acting => {
  const { store, log, events, audit, link, changes, book } = options
  const ending = new AbortController()
  const { signal } = ending
  const underWay = new Map<string, Promise<void>>()
  // By trigger: it is asked for each occurrence that is taken up.
  const counts = new Map<string, number>()

  const count = (triggerId: string, by: number): void => {
    const left = (counts.get(triggerId) ?? 0) + by
    if (left > 0) counts.set(triggerId, left)
    else counts.delete(triggerId)
  }

  // What is lost with the power is planned still: its delivery, which is on disk before it leaves, tells
  // the next daemon what became of it. But nobody is told that it failed and finds it done later.
  const commit = ({ cause }: TriggerRunRow, write: Parameters<EventLog['commit']>[0]): void =>
    void events.commit(write, { durable: cause === 'manual' })

  const callOf = (trigger: TriggerRow, run: TriggerRunRow): Call => ({
    id: run.id,
    caller: 'trigger',
    cwd: trigger.spec.cwd ?? '/',
    zone: trigger.spec.zone ?? 'UTC',
    threadId: null,
    after: null,
    signal,
  })

  // In the commit of the outcome: one that is acted on again has one row.
  const record = (trigger: TriggerRow, run: TriggerRunRow, outcome: ErrorCode | 'ok'): void => {
    const { id, cause, mode, text, laneId } = run
    const lane = laneId === null ? null : store.lanes.get(laneId)
    const detail = { callId: id, trigger: trigger.id, cause, mode, ...textToShape(text ?? '') }
    audit.record({ op: 'trigger.fire', actor: 'trigger', lane, outcome, detail })
  }

  const known = async (
    trigger: TriggerRow,
    run: TriggerRunRow,
    row: DeliveryRow,
  ): Promise<void> => {
    const current = (): DeliveryRow => store.deliveries.get(row.id) ?? row
    const isJudged = (): boolean => current().state !== 'submitting'
    await changes.until([row.threadId], isJudged, { signal, timeoutMs: null })
    const judged = current()
    const isCut = row.state === 'submitting' && judged.state === 'failed' && run.cause !== 'manual'
    if (!isCut) return await conclude(trigger, run, judged)
    await options.pass()
    commit(run, (tx) => {
      record(trigger, run, 'app_server')
      // That a daemon died over it is no failure of the trigger: what it missed is made up for.
      const detail = 'The daemon ended before Codex had it.'
      book.skipped(tx, run, { reason: 'not_running', detail })
    })
  }

  const conclude = async (
    trigger: TriggerRow,
    run: TriggerRunRow,
    row: DeliveryRow,
  ): Promise<void> => {
    await options.pass()
    const { threadId, state, failure } = row
    commit(run, (tx) => {
      record(trigger, run, state === 'failed' ? 'app_server' : 'ok')
      if (state === 'failed') book.failed(tx, run, notTaken(failure))
      else book.fired(tx, run, threadId)
    })
  }

  const toLane = async (lane: LaneRow, trigger: TriggerRow, run: TriggerRunRow): Promise<void> => {
    const { mode, text } = run
    if (mode === null || mode === 'new' || text === null) return
    const mayWait = trigger.spec.overlap === 'queue'
    const send = async (as: DeliveryMode): Promise<void> => {
      const outgoing = { mode: as, text, intro: false, mayWait, overrides: {}, wait: false }
      const message = { ...outgoing, timeoutSeconds: undefined }
      await options.sending.send(lane, message, callOf(trigger, run))
    }
    try {
      await send(mode)
    } catch (error) {
      // The lane was idle when it was decided, and somebody else's message came first.
      const isLate = mode === 'send' && mayWait && !lane.ephemeral
      const isBusy = toDispatchError(error).code === 'lane_busy'
      if (!isLate || !isBusy || store.deliveries.get(run.id)) throw error
      await send('queue')
    }
  }

  const toNewLane = async (trigger: TriggerRow, run: TriggerRunRow): Promise<void> => {
    const presets = [...trigger.spec.presets]
    const asked = {
      name: trigger.name,
      text: run.text ?? '',
      ...(presets.length ? { presets } : {}),
    }
    await options.newLane(asked, callOf(trigger, run))
  }

  const handOver = async (trigger: TriggerRow, run: TriggerRunRow): Promise<void> => {
    if (run.mode === 'new') return await toNewLane(trigger, run)
    const lane = run.laneId === null ? null : store.lanes.get(run.laneId)
    if (!lane) throw new DispatchError('not_found', 'Its lane is gone.')
    await toLane(lane, trigger, run)
  }

  const refused = (trigger: TriggerRow, run: TriggerRunRow, error: unknown): void => {
    const { code, message } = toDispatchError(error)
    commit(run, (tx) => {
      record(trigger, run, code)
      if (isThreadGone(error) || isThreadArchived(error) || code === 'authority') {
        book.skipped(tx, run, { reason: 'disabled', detail: message })
        return book.disable(tx, trigger, message)
      }
      if (code === 'lane_busy') return book.skipped(tx, run, { reason: 'busy', detail: message })
      const isGone = code === 'app_server' && link.current() === null
      if (isGone) return book.skipped(tx, run, { reason: 'codex_unavailable', detail: message })
      const isSteerless = run.mode === 'steer' && code === 'validation'
      if (isSteerless) return book.skipped(tx, run, { reason: 'no_active_turn', detail: message })
      book.failed(tx, run, { message, code })
    })
  }

  const act = async (run: TriggerRunRow): Promise<void> => {
    const trigger = store.triggers.get(run.triggerId)
    if (!trigger) return
    // Whatever becomes of the trigger meanwhile: this was due before.
    await options.pass()
    if (signal.aborted) return
    const earlier = store.deliveries.get(run.id)
    if (earlier) return await known(trigger, run, earlier)
    const { state } = trigger
    if (run.cause !== 'manual' && (state === 'paused' || state === 'disabled')) {
      const why = { reason: 'disabled', detail: `It is ${state}.` } as const
      return commit(run, (tx) => book.skipped(tx, run, why))
    }
    try {
      await handOver(trigger, run)
    } catch (error) {
      // The next daemon goes on with what is planned; who fires by hand is told.
      const isLeft = run.cause !== 'manual' && options.isDraining()
      if (signal.aborted || (isLeft && toDispatchError(error).code === 'lane_busy')) return
      if (!store.deliveries.get(run.id)) return refused(trigger, run, error)
    }
    const row = store.deliveries.get(run.id)
    if (row) return await conclude(trigger, run, row)
    commit(run, (tx) => {
      record(trigger, run, 'internal')
      book.failed(tx, run, { message: 'There is no message.', code: 'internal' })
    })
  }

  const guarded = async (run: TriggerRunRow): Promise<void> => {
    try {
      await act(run)
    } catch (error) {
      // It stays planned: it is gone on with later, or by the next daemon.
      if (signal.aborted) return
      log.error('trigger.act-failed', { trigger: run.triggerId, error })
      options.left()
    } finally {
      underWay.delete(run.id)
      count(run.triggerId, -1)
    }
    // One whose message was refused, or never written, has no turn whose end would put it away.
    const made = run.mode === 'new' && !signal.aborted ? store.lanes.byCallId(run.id) : null
    if (made) options.putAway(made.threadId)
  }

  return {
    act: (run) => {
      const known = underWay.get(run.id)
      if (known) return known
      count(run.triggerId, 1)
      const acted = guarded(run)
      underWay.set(run.id, acted)
      return acted
    },
    isUnderWay: (id) => counts.has(id),
    drained: async () => {
      await Promise.all(underWay.values())
    },
    [Symbol.dispose]: () => ending.abort(),
  }
}

// Finds turns that have fallen silent: a provider that never answers never ends its turn. Marks their
// lanes as stalled, takes the mark off at the next sign of life, and ends the turn where that is
// asked for. One timer, for the lane that is due first: what comes meanwhile only notes its time.
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Log } from '../log/log.ts'
import type { Heard } from '../turns/ingest.ts'
import { judge, type Vigil } from './judge.ts'

/** Watches over running turns until disposed. */
export type Watchdog = Disposable & {
  /** Something came of a thread. */
  heard(heard: Heard): void
  /** These lanes were written: a turn may run on them. */
  touched(threadIds: Iterable<string>): void
  /** Codex is connected: turns that ran before are watched from their last known sign on. */
  joined(): void
}

/** How long a turn may be silent, and whether it is ended then. */
export type Patience = { silenceMs: number; interrupt: boolean }

/** What the watchdog needs. */
export type WatchdogOptions = {
  store: Store
  events: EventLog
  clock: Clock
  log: Log
  /** Asked at each look. */
  patience: () => Patience
  /** Ends the turn of that lane. */
  interrupt: (threadId: string, silentMs: number) => void
  /** These lanes were written by the watchdog. */
  written: (threadIds: readonly string[]) => void
}

/** After a join: text that streams leaves no sign in the registry, but shows itself within that time. */
const GRACE_MS = 30_000

// `lookAt` is steady time; `marked`: the lane bears the mark, as far as this daemon knows.
type Watched = Vigil & { lookAt: number; marked: boolean }

type Silence = { silentMs: number; reason: string }

/** Makes the watchdog. */
export const makeWatchdog = (options: WatchdogOptions): Watchdog => {
  const { store, events, clock, log } = options
  const watched = new Map<string, Watched>()
  let timer: { at: number; handle: Disposable } | null = null
  let stopped = false

  const arm = (at: number): void => {
    if (stopped || (timer !== null && timer.at <= at)) return
    timer?.handle[Symbol.dispose]()
    const handle = clock.at(Math.max(0, at - clock.monotonic()), lookAround)
    timer = { at, handle }
  }

  const begin = (threadId: string, one: Watched): void => {
    watched.set(threadId, one)
    arm(one.lookAt)
  }

  const mark = (lane: LaneRow, silence: Silence, interrupting: boolean): void => {
    const { threadId, activeTurnId: turnId } = lane
    const { silentMs, reason } = silence
    events.commit((tx) => {
      const patch = { stalled: true, stalledReason: reason, updatedAt: clock.now() }
      store.lanes.update(threadId, patch)
      const silentSeconds = Math.round(silentMs / 100) / 10
      const data = { turnId, silentSeconds, reason, interrupting }
      tx.append({ threadId, type: 'lane.stalled', data })
    })
    options.written([threadId])
  }

  const unmark = (threadId: string, one: Watched): void => {
    const lane = store.lanes.get(threadId)
    one.marked = false
    if (!lane?.stalled || lane.activeTurnId === null) return
    events.commit((tx) => {
      store.lanes.update(threadId, { stalled: false, updatedAt: clock.now() })
      const data = { turnId: lane.activeTurnId }
      tx.append({ threadId, type: 'lane.recovered', data })
    })
    options.written([threadId])
  }

  const look = (threadId: string, one: Watched): void => {
    const { silenceMs, interrupt } = options.patience()
    const lane = store.lanes.get(threadId)
    const verdict = judge({
      lane,
      vigil: one,
      commandRuns:
        lane?.activeTurnId != null && store.events.commandRuns(threadId, lane.activeTurnId),
      silenceMs,
      now: clock.now(),
      monotonic: clock.monotonic(),
    })
    if (verdict.kind === 'over') return void watched.delete(threadId)
    one.lookAt = clock.monotonic() + (verdict.kind === 'alive' ? verdict.againMs : silenceMs)
    if (verdict.kind === 'alive') return
    log.warn('lane.silent', { thread: threadId, ms: Math.round(verdict.silentMs) })
    if (lane && !lane.stalled) mark(lane, verdict, interrupt)
    one.marked = true
    // Tried again at each look, for as long as the turn does not end.
    if (interrupt) options.interrupt(threadId, verdict.silentMs)
  }

  const lookAround = (): void => {
    timer = null
    const now = clock.monotonic()
    for (const [threadId, one] of [...watched]) {
      if (one.lookAt > now) continue
      try {
        look(threadId, one)
      } catch (error) {
        // A registry that cannot be written now can be later.
        log.warn('watchdog.failed', { thread: threadId, error })
        one.lookAt = now + options.patience().silenceMs
      }
    }
    const next = Math.min(...[...watched.values()].map(({ lookAt }) => lookAt))
    if (Number.isFinite(next)) arm(next)
  }

  const noteRetry = (threadId: string, one: Watched, message: string): void => {
    const isNews = one.retrying !== message
    one.retrying = message
    if (isNews && one.marked) {
      store.lanes.update(threadId, { stalledReason: `Codex says: ${message}` })
    }
  }

  const hear = ({ threadId, fact, isSign }: Heard, one: Watched): void => {
    if (fact?.kind === 'retrying') return noteRetry(threadId, one, fact.message)
    if (!isSign) return
    one.heardAt = clock.monotonic()
    one.retrying = null
    // The end of the turn takes the mark off by itself, and is no recovery.
    if (fact?.kind === 'turn-ended') watched.delete(threadId)
    else if (one.marked) unmark(threadId, one)
  }

  return {
    heard: (heard) => {
      const { threadId } = heard
      const one = watched.get(threadId)
      if (!one) return
      try {
        hear(heard, one)
      } catch (error) {
        one.marked = true
        log.warn('watchdog.failed', { thread: threadId, error })
      }
    },
    touched: (threadIds) => {
      for (const threadId of threadIds) {
        if (watched.has(threadId)) continue
        const lane = store.lanes.get(threadId)
        if (!lane || lane.activeTurnId === null) continue
        const now = clock.monotonic()
        begin(threadId, {
          heardAt: now,
          notBefore: now,
          retrying: null,
          lookAt: now + options.patience().silenceMs,
          marked: lane.stalled,
        })
      }
    },
    joined: () => {
      const { silenceMs } = options.patience()
      const notBefore = clock.monotonic() + Math.min(GRACE_MS, silenceMs)
      for (const { threadId, activeTurnId } of store.lanes.open()) {
        if (activeTurnId === null) continue
        const heardAt = watched.get(threadId)?.heardAt ?? null
        const marked = store.lanes.get(threadId)?.stalled === true
        begin(threadId, { heardAt, notBefore, retrying: null, lookAt: notBefore, marked })
      }
    },
    [Symbol.dispose]() {
      stopped = true
      timer?.handle[Symbol.dispose]()
    },
  }
}

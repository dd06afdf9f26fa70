// The event log: what happened, in the order of the store. Events are recorded in the transaction of
// the state they belong to and reach followers after its commit. What they mean is not known here.
import { DispatchError, type DispatchEvent, type EventType, type Tracked } from '@dispatch/contract'
import type { EventRetention, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Log } from '../log/log.ts'
import { makeFollower } from './follower.ts'
import { type Happening, type Label, makeHotEnd } from './hot-end.ts'
import { makePosition, type Start } from './position.ts'

/** An event to record or to publish. */
export type NewEvent = {
  threadId: string | null
  type: EventType
  /** Plain JSON; not to be changed afterwards. */
  data: Record<string, unknown>
  /** Epoch ms; now when absent. */
  at?: number
}

/** What a commit may do beside its repositories. */
export type EventTx = {
  /** Records an event; its cursor, or null when one of that thread, type and `key` is there already. */
  append(event: NewEvent & { key?: string | null }): string | null
  /** Publishes an event that is never stored, after the commit and in its place among those that are. */
  live(event: NewEvent): void
}

/** What a follower wants. */
export type FollowQuery = {
  /** Go on after that cursor; '0' for everything there is, null from now. */
  after: string | null
  threadIds: readonly string[] | null
  types: readonly EventType[] | null
  /** Live-only events too; they are dropped when the follower lags by more than 4,096 of them. */
  live: boolean
  /** Streamed text among them; with it when absent. */
  deltas?: boolean
  /** The daemon follows for itself: not one of those that are counted. */
  own?: boolean
  signal: AbortSignal
}

/** The event log of the daemon. */
export type EventLog = {
  /**
   * Runs `fn` in one synchronous transaction and publishes its events after the commit; with
   * `durable` the commit is on disk first. Inside another commit it joins it. It throws only where
   * nothing was stored: what goes wrong at showing is logged.
   */
  commit<T>(fn: (tx: EventTx) => T, options?: { durable?: boolean }): T
  /** Publishes an event that is never stored. */
  live(event: NewEvent): void
  /** Ends when the signal aborts. Throws DispatchError `validation` at once on a cursor that is none. */
  follow(query: FollowQuery): AsyncIterableIterator<Tracked<DispatchEvent>, undefined>
  /** Calls `fn` after each commit that had events, and each live event, until disposed. */
  woken(fn: () => void): Disposable
  /** Cursor of the newest durable event. */
  lastCursor(): string
  /** Open followers. */
  followers(): number
  /** Deletes a slice of old events; rows deleted, 0 when done. */
  prune(retention: EventRetention): number
}

/** What the log is made of. `store.events.beginEpoch()` must have been called. */
export type EventLogOptions = {
  store: Store
  clock: Clock
  label: Label
  log: Pick<Log, 'error'>
}

/** Makes the log on the newest epoch of a store. */
export const makeEventLog = ({ store, clock, label, log }: EventLogOptions): EventLog => {
  const { events } = store
  const hot = makeHotEnd({ cursorOf: events.cursorOf, lastSeq: events.lastSeq(), label, log })
  let open: EventTx | null = null
  let followers = 0
  let lives = 0

  const show = (happening: Happening): void => {
    const entry = hot.toEntry(happening)
    if (happening.seq !== null) hot.durable.push(happening.seq, entry)
    else hot.live.push((lives += 1), { ...entry, afterSeq: hot.durable.last() })
  }

  const publish = (happenings: readonly Happening[]): void => {
    if (happenings.length === 0) return
    for (const happening of happenings) {
      try {
        show(happening)
      } catch (error) {
        // It is stored: with the next one the ring has a hole before it, and followers read the
        // store.
        log.error('event.not-shown', { event: happening.type, error })
      }
    }
    hot.woken.notify()
  }

  const toLive = ({ threadId, type, data, at = clock.now() }: NewEvent): Happening => ({
    seq: null,
    at,
    threadId,
    type,
    data,
  })

  const requireOpen = (tx: EventTx): void => {
    if (open !== tx) throw new Error('the commit of this event has ended')
  }

  const makeTx = (happenings: Happening[]): EventTx => {
    const tx: EventTx = {
      append: ({ threadId, type, data, at = clock.now(), key = null }) => {
        requireOpen(tx)
        const seq = events.append({ at, threadId, type, key, data })
        if (seq === null) return null
        happenings.push({ seq, at, threadId, type, data })
        return hot.cursorOf(seq)
      },
      live: (event) => {
        requireOpen(tx)
        happenings.push(toLive(event))
      },
    }
    return tx
  }

  const toStart = (after: string | null): Start => {
    if (after === null) return null
    const resolved = events.resolve(after)
    if (resolved !== null) return { cursor: after, resolved }
    throw new DispatchError('validation', 'That is no cursor of the event log.', {
      hint: 'Take the cursor of an event, or 0 for everything there is.',
    })
  }

  return {
    commit: (fn, { durable = false } = {}) => {
      const run = durable ? store.durable : store.transaction
      const outer = open
      if (outer !== null) return run(() => fn(outer))
      // Its events would be published before that transaction has ended.
      if (store.inTransaction()) throw new Error('a commit cannot begin inside a bare transaction')
      const happenings: Happening[] = []
      const tx = makeTx(happenings)
      open = tx
      let result
      try {
        result = run(() => fn(tx))
      } finally {
        open = null
      }
      publish(happenings)
      return result
    },
    live: (event) => publish([toLive(event)]),
    follow: ({ after, threadIds, types, live, deltas = true, own = false, signal }) => {
      const start = toStart(after)
      const filter = { threadIds, types, live, deltas }
      const step = makePosition({ hot, events, start, filter, now: clock.now })
      const counted = own ? 0 : 1
      followers += counted
      return makeFollower({ step, woken: hot.woken, signal, onEnd: () => (followers -= counted) })
    },
    woken: hot.woken.listen,
    lastCursor: () => hot.cursorOf(hot.durable.last()),
    followers: () => followers,
    prune: events.prune,
  }
}

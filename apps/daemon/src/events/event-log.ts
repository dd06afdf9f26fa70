// The event log: what happened, in the order of the store. Events are recorded in the transaction of
// the state they belong to and reach followers after its commit. What they mean is not known here.
import type { DispatchEvent, EventType, Tracked } from '@dispatch/contract'
import type { EventRetention, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'

/** How an event names its lane; null where the thread is none of dispatch's. */
export type Label = (threadId: string) => DispatchEvent['lane']

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
}

/** What a follower wants. */
export type FollowQuery = {
  /** Go on after that cursor; '0' for everything there is, null from now. */
  after: string | null
  threadIds: readonly string[] | null
  types: readonly EventType[] | null
  /** Live-only events too; they are dropped when the follower lags by more than 4,096 of them. */
  live: boolean
  signal: AbortSignal
}

/** The event log of the daemon. */
export type EventLog = {
  /**
   * Runs `fn` in one synchronous transaction and publishes its events after the commit; with `durable`
   * the commit is on disk first. Inside another commit it joins it.
   */
  commit<T>(fn: (tx: EventTx) => T, options?: { durable?: boolean }): T
  /** Publishes an event that is never stored. */
  live(event: NewEvent): void
  /** Ends when the signal aborts. Throws DispatchError `validation` at once on a cursor that is none. */
  follow(query: FollowQuery): AsyncIterableIterator<Tracked<DispatchEvent>, undefined>
  /** Cursor of the newest durable event. */
  lastCursor(): string
  /** Open followers. */
  followers(): number
  /** Deletes a slice of old events; rows deleted, 0 when done. */
  prune(retention: EventRetention): number
}

/** What the log is made of. `store.events.beginEpoch()` must have been called. */
export type EventLogOptions = { store: Store; clock: Clock; label: Label }

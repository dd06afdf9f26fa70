// Tells a host which of the resources that it subscribed to may have changed, and when others are there.
// Two followers for all of them, while the host waits for either: of the daemon's events, and of its audit
// trail for what makes no event, such as another order of a queue.
import type { Clock } from '@dispatch/client'
import type { AuditRow, DispatchEvent } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import type { Caller } from './caller.ts'
import { makeFollower } from './follower.ts'
import { EVENTS_OP } from './progress.ts'
import { type Found, isChangedBy } from './resource.ts'

/** What a host is told. */
export type Notices = {
  updated(uri: string): Promise<void>
  listChanged(): Promise<void>
}

/** A resource that is watched, and the thread id of the lane that it is of, null for all of them. */
export type Watched = { uri: string; found: Found; laneId: string | null }

/** The changes that one host is told of. What cannot be followed is refused. */
export type Changes = AsyncDisposable & {
  /** Whether the host is told of other resources. */
  isListWatched(): boolean
  /** Resolves when no other resource will be missed any more. */
  watchList(signal: AbortSignal): Promise<void>
  /** Resolves when no change of it will be missed any more. */
  watch(watched: Watched, signal: AbortSignal): Promise<void>
  unwatch(uri: string): void
}

type ChangesOptions = {
  client: Caller
  clock: Clock
  notices: Notices
  /** Told when what was followed breaks off. */
  onError: (error: Error) => void
}

/** The subscription that gives a row for every writing op. */
export const AUDIT_OP = 'daemon.logFollow'

/** What happened, by an event or by an op, and to which lane; null for none, or for several. */
type Happened = { what: string; laneId: string | null }

const eventToHappened = (data: unknown): Happened => {
  const { type, lane } = data as DispatchEvent
  return { what: type, laneId: lane?.id ?? null }
}

const rowToHappened = (data: unknown): Happened => {
  const { op, laneId } = data as AuditRow
  return { what: op, laneId }
}

/** The events after which there are other lanes, or the same under other names. */
const listEvents = new Set(
  ['created', 'attached', 'adopted', 'renamed', 'archived', 'restored', 'detached'].map(
    (event) => `lane.${event}`,
  ),
)

/** A turn changes its lane several times at once. */
const GATHER_MS = 50

/** A daemon that takes longer to begin is not well. */
const BEGIN_MS = 10_000

type Waiting = { clock: Clock; signal: AbortSignal }

const within = async (begun: Promise<unknown>, { clock, signal }: Waiting): Promise<void> => {
  const { promise: over, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason as Error)
  const callOff = clock.after(BEGIN_MS, () =>
    reject(
      new DispatchError('timeout', `The daemon told no changes within ${BEGIN_MS / 1_000} s.`, {
        hint: 'dispatch doctor',
      }),
    ),
  )
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  try {
    await Promise.race([begun, over])
  } finally {
    callOff()
    signal.removeEventListener('abort', onAbort)
  }
}

/** Follows nothing before it is told to. */
export const makeChanges = ({ client, clock, notices, onError }: ChangesOptions): Changes => {
  const watched = new Map<string, Watched>()
  const changed = new Set<string>()
  let isListWatched = false
  let isListChanged = false
  let callOff: (() => void) | null = null

  const flush = (): void => {
    callOff = null
    const uris = [...changed]
    const tellsList = isListChanged
    changed.clear()
    isListChanged = false
    // A host that is gone is noticed by who serves it.
    const told = [...uris.map(notices.updated), ...(tellsList ? [notices.listChanged()] : [])]
    void Promise.all(told).catch(() => undefined)
  }

  const take = ({ what, laneId }: Happened): void => {
    for (const one of watched.values()) {
      const isOfIt = one.laneId === null || laneId === null || laneId === one.laneId
      if (isOfIt && isChangedBy(one.found.kind, what)) changed.add(one.uri)
    }
    isListChanged ||= what === 'gap' || listEvents.has(what)
    if (isListChanged || changed.size > 0) callOff ??= clock.after(GATHER_MS, flush)
  }

  const common = { client, clock, onError, onGap: () => take({ what: 'gap', laneId: null }) }
  const events = makeFollower({
    ...common,
    path: EVENTS_OP,
    input: { deltas: false },
    onData: (data) => take(eventToHappened(data)),
  })
  const ops = makeFollower({
    ...common,
    path: AUDIT_OP,
    input: { limit: 0 },
    onData: (data) => take(rowToHappened(data)),
  })

  const letGo = (): void => {
    if (watched.size > 0) return
    ops.stop()
    if (!isListWatched) events.stop()
  }

  const unwatch = (uri: string): void => {
    watched.delete(uri)
    changed.delete(uri)
    letGo()
  }

  return {
    isListWatched: () => isListWatched,
    watchList: async (signal) => {
      isListWatched = true
      try {
        await within(events.begin(), { clock, signal })
      } catch (error) {
        isListWatched = false
        letGo()
        throw error
      }
    },
    watch: async (one, signal) => {
      const isNew = !watched.has(one.uri)
      watched.set(one.uri, one)
      try {
        await within(Promise.all([events.begin(), ops.begin()]), { clock, signal })
      } catch (error) {
        if (isNew) unwatch(one.uri)
        throw error
      }
    },
    unwatch,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([events, ops].map((follower) => follower[Symbol.asyncDispose]()))
      callOff?.()
    },
  }
}

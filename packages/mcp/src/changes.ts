// Tells a host which of the resources that it subscribed to may have changed, and when others are there.
// Two followers for all of them, begun when the host asks for the first: of the daemon's events, and of its
// audit trail for what makes no event, such as another order of a queue.
import type { Clock } from '@dispatch/client'
import type { AuditRow, DispatchEvent } from '@dispatch/contract'
import type { Caller } from './caller.ts'
import { EVENTS_OP } from './progress.ts'
import { type Found, isChangedBy } from './resource.ts'

/** What a host is told. */
export type Notices = {
  updated(uri: string): Promise<void>
  listChanged(): Promise<void>
}

/** A resource that is watched, and the thread id of the lane that it is of, null for all of them. */
export type Watched = { uri: string; found: Found; laneId: string | null }

/** The changes that one host is told of. */
export type Changes = AsyncDisposable & {
  /** Begins to follow, where nobody does yet; resolves when nothing will be missed any more. */
  begin(): Promise<void>
  watch(watched: Watched): Promise<void>
  unwatch(uri: string): void
}

type ChangesOptions = { client: Caller; clock: Clock; notices: Notices }

/** The subscription that gives a row for every writing op. */
export const AUDIT_OP = 'daemon.logFollow'

/** What happened, by an event or by an op, and to which lane; null for none, or for several. */
type Happened = { what: string; laneId: string | null }

type Source = { path: string; input: object; toHappened: (data: unknown) => Happened }

const sources: readonly Source[] = [
  {
    path: EVENTS_OP,
    input: { deltas: false },
    toHappened: (data) => {
      const { type, lane } = data as DispatchEvent
      return { what: type, laneId: lane?.id ?? null }
    },
  },
  {
    path: AUDIT_OP,
    input: { limit: 0 },
    toHappened: (data) => {
      const { op, laneId } = data as AuditRow
      return { what: op, laneId }
    },
  },
]

/** The events after which there are other lanes, or the same under other names. */
const listEvents = new Set(
  ['created', 'attached', 'adopted', 'renamed', 'archived', 'restored', 'detached'].map(
    (event) => `lane.${event}`,
  ),
)

/** A turn changes its lane several times at once. */
const GATHER_MS = 50

/** Follows nothing before it is told to. */
export const makeChanges = ({ client, clock, notices }: ChangesOptions): Changes => {
  const ending = new AbortController()
  const watched = new Map<string, Watched>()
  const changed = new Set<string>()
  let isListChanged = false
  let callOff: (() => void) | null = null
  let following: { begun: Promise<void>; over: Promise<void> } | null = null

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

  const follow = async (source: Source, signal: AbortSignal, onBegin: () => void) => {
    const { path, input, toHappened } = source
    const options = { signal, autostart: false, onBegin }
    for await (const { data } of client.subscribe(path, input, options)) take(toHappened(data))
  }

  const begin: Changes['begin'] = () => {
    if (following) return following.begun
    const stopping = new AbortController()
    const signal = AbortSignal.any([ending.signal, stopping.signal])
    const begins = sources.map((source) => ({ source, ...Promise.withResolvers<void>() }))
    const ends = begins.map(({ source, resolve }) => follow(source, signal, resolve))
    // Where one cannot be followed, none is, and the next to ask tries again.
    const onEnd = (): void => {
      following = null
      stopping.abort()
      for (const { resolve } of begins) resolve()
    }
    following = {
      begun: Promise.all(begins.map(({ promise }) => promise)).then(() => undefined),
      over: Promise.all(ends).then(onEnd, onEnd),
    }
    return following.begun
  }

  return {
    begin,
    watch: (one) => {
      watched.set(one.uri, one)
      return begin()
    },
    unwatch: (uri) => {
      watched.delete(uri)
      changed.delete(uri)
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort()
      callOff?.()
      await following?.over
    },
  }
}

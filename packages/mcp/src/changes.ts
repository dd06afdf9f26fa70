// Tells a host which of the resources that it subscribed to may have changed, and when others are there.
// One follower of the daemon's events for all of them, begun when the host asks for the first.
import type { Clock, Client } from '@dispatch/client'
import type { DispatchEvent } from '@dispatch/contract'
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

type ChangesOptions = { client: Client; clock: Clock; notices: Notices }

/** The events after which there are other lanes, or the same under other names. */
const listEvents = ['created', 'attached', 'adopted', 'renamed', 'archived', 'restored', 'detached']

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

  const take = ({ lane, type }: DispatchEvent): void => {
    for (const { uri, found, laneId } of watched.values()) {
      const isOfIt = laneId === null || lane === null || lane.id === laneId
      if (isOfIt && isChangedBy(found.kind, type)) changed.add(uri)
    }
    isListChanged ||= type === 'gap' || listEvents.some((event) => type === `lane.${event}`)
    if (isListChanged || changed.size > 0) callOff ??= clock.after(GATHER_MS, flush)
  }

  const follow = async (onBegin: () => void): Promise<void> => {
    const options = { signal: ending.signal, autostart: false, onBegin }
    for await (const { data } of client.subscribe(EVENTS_OP, { deltas: false }, options)) {
      take(data as DispatchEvent)
    }
  }

  const begin: Changes['begin'] = () => {
    if (following) return following.begun
    const { promise: begun, resolve } = Promise.withResolvers<void>()
    // Where it cannot be followed, the next to ask tries again.
    const onEnd = (): void => {
      following = null
      resolve()
    }
    following = { begun, over: follow(resolve).then(onEnd, onEnd) }
    return begun
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

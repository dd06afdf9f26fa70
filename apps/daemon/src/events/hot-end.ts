// The hot end of the log, shared by all followers: the newest durable events and the newest live-only
// ones, each made once, and the wake-up. Events that left it are read from the store.
import type { DispatchEvent, EventType, Tracked } from '@dispatch/contract'
import { msToIso } from '../clock/instant.ts'
import type { Log } from '../log/log.ts'
import { makeRing, type Ring } from './ring.ts'
import { makeSignal, type Signal } from './signal.ts'

/** How an event names its lane; null where the thread is none of dispatch's. */
export type Label = (threadId: string) => DispatchEvent['lane']

/** An event as followers filter and get it. */
export type Entry = { threadId: string | null; type: EventType; tracked: Tracked<DispatchEvent> }

/** A live-only event, and the durable one that it came after. */
export type LiveEntry = Entry & { afterSeq: number }

/** What an entry is made of; no `seq` where it is live only. */
export type Happening = {
  seq: number | null
  at: number
  threadId: string | null
  type: EventType
  data: Record<string, unknown>
}

/** What followers share. */
export type HotEnd = {
  readonly durable: Ring<Entry>
  readonly live: Ring<LiveEntry>
  readonly woken: Signal
  cursorOf(seq: number): string
  /** An event of the rings. */
  toEntry(happening: Happening): Entry
  /** An event that one follower alone gets. */
  toTracked(happening: Happening): Tracked<DispatchEvent>
}

/** Events that each ring holds. */
export const RING_EVENTS = 4_096

type HotEndOptions = {
  cursorOf: (seq: number) => string
  lastSeq: number
  label: Label
  log: Pick<Log, 'error'>
}

/** An empty hot end after `lastSeq`. */
export const makeHotEnd = (options: HotEndOptions): HotEnd => {
  const { cursorOf, lastSeq, label, log } = options
  const toEvent = ({ seq, at, threadId, type, data }: Happening): DispatchEvent => ({
    cursor: seq === null ? null : cursorOf(seq),
    at: msToIso(at),
    lane: threadId === null ? null : label(threadId),
    type,
    data,
  })
  return {
    durable: makeRing(RING_EVENTS, lastSeq),
    live: makeRing(RING_EVENTS, 0),
    woken: makeSignal(log),
    cursorOf,
    toEntry: (happening) => {
      const { threadId, type } = happening
      // Frozen: followers share it, and so they do its line.
      const data = Object.freeze(toEvent(happening))
      return { threadId, type, tracked: { cursor: data.cursor, data } }
    },
    toTracked: (happening) => {
      const data = toEvent(happening)
      return { cursor: data.cursor, data }
    },
  }
}

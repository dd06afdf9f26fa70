// Takes in what Codex says, in the order it came, without ever making the socket wait: notifications
// go into a bounded queue (deltas of one stream melt into one), a slice at a time into the registry.
import type { Fact } from '../codex/fact.ts'
import { notificationToFact, type RawNotification } from '../codex/translate-notification.ts'
import type { FactWriter } from './fact-writer.ts'

/** Facts that wait at most; beyond, they are written at once. */
const QUEUE_MAX = 10_000
/** Facts a slice: 3 ms of writing keep the loop's delay small. */
const SLICE = 256

type Delta = Extract<Fact, { kind: 'delta' }>

/** A tap on raw notifications of one thread. */
export type Tap = (notification: RawNotification & { threadId: string }) => void

/** The way in for everything that Codex says. */
export type Ingest = {
  /** Takes a notification; returns at once. */
  take(notification: RawNotification): void
  /** Writes what waits, now: what is decided next sees everything that came before. */
  drain(): void
  /**
   * Keeps back what comes of that thread until disposed, then writes it in the order it came: the end
   * of a turn must not overtake those of its items that history still brings.
   */
  hold(threadId: string): Disposable
  /** Writes history filled up after a join. `cut`: what was interrupted was cut by the loss of the server. */
  fillUp(facts: readonly Fact[]): void
  /** Sees raw notifications as they come, until disposed. */
  tap(threadIds: readonly string[], tap: Tap): Disposable
}

// Item ids are unique within a turn only, and an item may have more than one stream.
const isSameStream = (one: Delta, other: Delta): boolean =>
  one.threadId === other.threadId &&
  one.turnId === other.turnId &&
  one.itemId === other.itemId &&
  one.stream === other.stream

const append = (facts: Fact[], fact: Fact): void => {
  const last = facts.at(-1)
  if (fact.kind === 'delta' && last?.kind === 'delta' && isSameStream(last, fact)) {
    facts[facts.length - 1] = { ...last, text: last.text + fact.text }
  } else facts.push(fact)
}

const threadIdOf = ({ params }: RawNotification): string | null => {
  const id = (params as { threadId?: unknown } | undefined)?.threadId
  return typeof id === 'string' ? id : null
}

/** Makes the way in. */
export const makeIngest = ({ writer }: { writer: FactWriter }): Ingest => {
  let queue: Fact[] = []
  let scheduled = false
  const held = new Map<string, Fact[]>()
  const taps = new Map<string, Set<Tap>>()

  const drain = (): void => {
    const facts = queue
    queue = []
    if (facts.length > 0) writer.write(facts, false)
  }

  const work = (): void => {
    scheduled = false
    const slice = queue.splice(0, SLICE)
    if (slice.length > 0) writer.write(slice, false)
    if (queue.length > 0) schedule()
  }

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(work)
  }

  const enqueue = (fact: Fact): void => {
    const kept = held.get(fact.threadId)
    if (kept) return append(kept, fact)
    append(queue, fact)
    if (queue.length >= QUEUE_MAX) drain()
    else schedule()
  }

  const showTaps = (notification: RawNotification): void => {
    const threadId = threadIdOf(notification)
    if (threadId === null) return
    for (const tap of taps.get(threadId) ?? []) tap({ ...notification, threadId })
  }

  return {
    drain,
    take: (notification) => {
      if (taps.size > 0) showTaps(notification)
      const fact = notificationToFact(notification)
      if (fact) enqueue(fact)
    },
    hold: (threadId) => {
      drain()
      const facts: Fact[] = []
      held.set(threadId, facts)
      return {
        [Symbol.dispose]() {
          held.delete(threadId)
          writer.write(facts, false)
        },
      }
    },
    fillUp: (facts) => {
      drain()
      writer.write(facts, true)
    },
    tap: (threadIds, tap) => {
      for (const threadId of threadIds) {
        const set = taps.get(threadId) ?? new Set()
        taps.set(threadId, set.add(tap))
      }
      return {
        [Symbol.dispose]() {
          for (const threadId of threadIds) {
            const set = taps.get(threadId)
            set?.delete(tap)
            if (set?.size === 0) taps.delete(threadId)
          }
        },
      }
    },
  }
}

// Takes in what Codex says, in the order it came, without ever making the socket wait: notifications
// go into a bounded queue, a slice at a time into the registry.
// A registry that cannot be written for now (disk full, locked) is tried again; what waits is kept, and
// where that is too much the connection is let go, so that nothing more comes.
import { DiskFullError, LockedDatabaseError } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Fact } from '../codex/fact.ts'
import { isSignOfLife } from '../codex/translate-sign.ts'
import { notificationToFact, type RawNotification } from '../codex/translate-notification.ts'
import type { Log } from '../log/log.ts'
import { type FactQueue, makeFactQueue } from './fact-queue.ts'
import type { FactWriter } from './fact-writer.ts'

/** Facts that wait at most; beyond, a slice is written before more is read. */
const QUEUE_MAX = 10_000
/** Callers wait for a slice: with its commit, which takes half as long again, and what is read meanwhile. */
const SLICE_MS = 4
/** Facts a slice at most: what is shown at once must not pass by the ring that followers read. */
const SLICE = 1_024
const RETRY_MS = 1_000

/** A tap on raw notifications of one thread. */
export type Tap = (notification: RawNotification & { threadId: string }) => void

/** Something that came of a thread. */
export type Heard = {
  threadId: string
  /** Null where it says nothing to us. */
  fact: Fact | null
  /** Whether it shows the thread's turn to be alive. */
  isSign: boolean
}

/** What is kept back of a thread. */
export type Held = Disposable & {
  /** Whether the start or the end of that turn is among it. */
  tellsOf(turnId: string): boolean
  /**
   * History could not be read: turns and items of the thread are left to it, until the thread is held
   * anew. A turn whose end is written would never get its items.
   */
  leaveToHistory(): void
}

/** The way in for everything that Codex says. */
export type Ingest = {
  /** Takes a notification; returns at once. */
  take(notification: RawNotification): void
  /**
   * Writes what waits, now: what is decided next sees everything that came before. Not bounded by
   * time: 10,000 facts, in commits of 1,024, take some 0.6 s. Not from inside a commit, which
   * throws.
   */
  drain(): void
  /**
   * Keeps back what comes of that thread until disposed, then writes it in the order it came: the end
   * of a turn must not overtake those of its items that history still brings.
   */
  hold(threadId: string): Held
  /** Writes history filled up after a join. `cut`: what was interrupted was cut by the loss of the server. */
  fillUp(facts: readonly Fact[]): void
  /** Sees raw notifications as they come, until disposed. */
  tap(threadIds: readonly string[], tap: Tap): Disposable
}

const isInHistory = ({ kind }: Fact): boolean =>
  ['turn-started', 'turn-ended', 'item-started', 'item-completed', 'delta'].includes(kind)

const threadIdOf = ({ params }: RawNotification): string | null => {
  const id = (params as { threadId?: unknown } | undefined)?.threadId
  return typeof id === 'string' ? id : null
}

// Live facts that history has overtaken: text of an item that it has whole, and whatever is of a turn
// that it has ended.
const isOvertakenBy = (history: readonly Fact[]): ((fact: Fact) => boolean) => {
  const over = new Set<string>()
  for (const fact of history) {
    if (fact.kind === 'turn-ended') over.add(`${fact.threadId}/${fact.turn.id}`)
    if (fact.kind === 'item-completed') over.add(`${fact.threadId}/${fact.turnId}/${fact.item.id}`)
  }
  return (fact) => {
    if (fact.kind !== 'delta' && fact.kind !== 'retrying') return false
    const turn = `${fact.threadId}/${fact.turnId}`
    return over.has(turn) || (fact.kind === 'delta' && over.has(`${turn}/${fact.itemId}`))
  }
}

// The registry is well and cannot be written for now.
const isPassing = (error: unknown): boolean =>
  error instanceof DiskFullError || error instanceof LockedDatabaseError

type IngestOptions = {
  writer: FactWriter
  clock: Clock
  log: Log
  /** Told at once of everything that comes of a thread. */
  heard?: (heard: Heard) => void
  /** A slice was full, and more waits. */
  behind?: () => void
  /** The registry takes nothing, and what waits is as much as may: it shall not grow. */
  overflow?: () => void
}

/** Makes the way in. */
export const makeIngest = (options: IngestOptions): Ingest => {
  const { writer, clock, log, heard, behind, overflow } = options
  const queue = makeFactQueue()
  let scheduled = false
  /** The registry took nothing when it was last tried. */
  let isStuck = false
  const held = new Map<string, FactQueue>()
  const leftToHistory = new Set<string>()
  const taps = new Map<string, Set<Tap>>()

  // One fact that can never be written must not stop all that follow it. Taken out one by one, so
  // that whoever is told of one, and wants the rest written, finds the rest.
  const writeEach = (count: number): void => {
    for (let left = count; left > 0; left -= 1) {
      const [fact] = queue.take(1)
      if (!fact) return
      try {
        writer.write([fact], false)
      } catch (error) {
        if (isPassing(error)) {
          queue.putBack([fact])
          throw error
        }
        log.error('fact.dropped', { thread: fact.threadId, error })
      }
    }
  }

  // Of what could not be written nothing was stored, shown or told: it is put back as it came.
  // Where the writer took nothing, it is not the facts' fault. How many were taken out of the
  // queue.
  const writeFront = (count: number, isOver: () => boolean): number => {
    const taken: Fact[] = []
    function* front(): Generator<Fact> {
      while (taken.length < count && (taken.length === 0 || !isOver())) {
        const [fact] = queue.take(1)
        if (!fact) return
        taken.push(fact)
        yield fact
      }
    }
    try {
      writer.write(front(), false)
    } catch (error) {
      queue.putBack(taken)
      if (isPassing(error) || taken.length === 0) throw error
      writeEach(taken.length)
    }
    return taken.length
  }

  // A slice a commit, and again where one that can never be written ended it early.
  const drain = (): void => {
    for (let left = queue.size(); left > 0 && queue.size() > 0;) {
      left -= writeFront(Math.min(left, SLICE), () => false)
    }
  }

  const writeSlice = (): void => {
    const end = clock.monotonic() + SLICE_MS
    writeFront(SLICE, () => clock.monotonic() >= end)
  }

  const work = (): void => {
    scheduled = false
    try {
      writeSlice()
      isStuck = false
      if (queue.size() === 0) return
      schedule()
      behind?.()
    } catch (error) {
      log.error('ingest.failed', { count: queue.size(), error })
      isStuck = true
      scheduled = true
      clock.at(RETRY_MS, work)
    }
  }

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(work)
  }

  // Streamed text is live only: with a registry that takes nothing it is what can be spared. What is
  // more than may wait then comes from history, when there is a connection again.
  const spare = (): void => {
    queue.keep(({ kind }) => kind !== 'delta')
    if (queue.size() >= QUEUE_MAX) overflow?.()
  }

  const relieve = (write: () => void): void => {
    if (isStuck) return spare()
    try {
      write()
    } catch {
      isStuck = true
      spare()
      schedule()
    }
  }

  const enqueue = (fact: Fact): void => {
    const kept = held.get(fact.threadId)
    if (kept) return kept.push(fact)
    if (leftToHistory.has(fact.threadId) && isInHistory(fact)) return
    queue.push(fact)
    schedule()
    if (queue.size() >= QUEUE_MAX) relieve(writeSlice)
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
      const threadId = fact?.threadId ?? threadIdOf(notification)
      if (threadId !== null) heard?.({ threadId, fact, isSign: isSignOfLife(notification) })
      if (fact) enqueue(fact)
    },
    hold: (threadId) => {
      drain()
      const facts = makeFactQueue()
      held.set(threadId, facts)
      leftToHistory.delete(threadId)
      return {
        tellsOf: (turnId) => facts.some((fact) => 'turn' in fact && fact.turn.id === turnId),
        leaveToHistory: () => void leftToHistory.add(threadId),
        [Symbol.dispose]() {
          held.delete(threadId)
          const isLeft = leftToHistory.has(threadId)
          if (isLeft) facts.keep((fact) => !isInHistory(fact))
          for (const fact of facts.take(facts.size())) queue.push(fact)
          relieve(drain)
        },
      }
    },
    fillUp: (facts) => {
      drain()
      writer.write(facts, true)
      const isOvertaken = isOvertakenBy(facts)
      for (const waiting of held.values()) waiting.keep((fact) => !isOvertaken(fact))
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

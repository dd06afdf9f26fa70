// Where a follower stands in the log and what it gets next. No buffer of its own: at the hot end it
// reads the shared rings, behind it a page of the store.
//   behind: page after page until the ring reaches back to the position
//   hot: from the ring; live-only events in between, each after the durable one that it followed
//   gap: where neither reaches back, or the cursor is of a log that lost its end
import type { DispatchEvent, EventType, Tracked } from '@dispatch/contract'
import type { EventPage, EventRow, Events, ResolvedCursor } from '@dispatch/store'
import type { Entry, HotEnd } from './hot-end.ts'

/** Next event, `idle` when there is none now, `busy` when the loop should have its turn first. */
export type Step = Tracked<DispatchEvent> | 'idle' | 'busy'

/** What a follower wants to see. */
export type Filter = {
  threadIds: readonly string[] | null
  types: readonly EventType[] | null
  live: boolean
  /** Streamed text among the live-only ones. */
  deltas: boolean
}

/** Where a follower starts: a cursor and what it resolved to, or null for now. */
export type Start = { cursor: string; resolved: ResolvedCursor } | null

const PAGE = 500
/** Events looked at before the loop has its turn: under 2 ms of work. */
const STEPS_PER_TURN = 1_000

type PositionOptions = {
  hot: HotEnd
  events: Pick<Events, 'readAfter' | 'firstSeq'>
  start: Start
  filter: Filter
  now: () => number
}

/** A position; each call moves it on. */
export const makePosition = (options: PositionOptions): (() => Step) => {
  const { hot, events, start, filter, now } = options
  const threads = filter.threadIds === null ? null : new Set(filter.threadIds)
  const types = filter.types === null ? null : new Set<EventType>(filter.types)
  let afterSeq = start?.resolved.afterSeq ?? hot.durable.last()
  let afterLive = hot.live.last()
  let page: (EventPage & { index: number }) | null = null
  let steps = 0
  let lost = start?.resolved.lost === true ? start.cursor : null
  // Who asks for everything there is misses nothing that retention took before.
  if (start?.cursor === '0') afterSeq = Math.max(afterSeq, events.firstSeq() - 1)

  const isWanted = ({ threadId, type }: Entry): boolean =>
    (threads === null || (threadId !== null && threads.has(threadId))) &&
    (types === null || types.has(type))

  const toGap = (kind: 'retention' | 'epoch' | 'live', from: string, toSeq: number) => {
    const to = hot.cursorOf(toSeq)
    const data = { kind, from, to }
    return hot.toTracked({ seq: afterSeq, at: now(), threadId: null, type: 'gap', data })
  }

  const nextLive = (): Step => {
    while (afterLive < hot.live.last()) {
      if (afterLive + 1 < hot.live.first()) {
        afterLive = hot.live.first() - 1
        const { afterSeq: toSeq } = hot.live.at(afterLive + 1)
        return toGap('live', hot.cursorOf(afterSeq), Math.max(afterSeq, toSeq))
      }
      const entry = hot.live.at(afterLive + 1)
      if (entry.afterSeq > afterSeq) return 'idle'
      afterLive += 1
      steps += 1
      const isSpared = entry.type === 'item.delta' && !filter.deltas
      if (!isSpared && isWanted(entry)) return entry.tracked
    }
    return 'idle'
  }

  const rowToTracked = ({ seq, at, threadId, type, data }: EventRow): Tracked<DispatchEvent> => {
    const parsed = JSON.parse(data) as Record<string, unknown>
    return hot.toTracked({ seq, at, threadId, type, data: parsed })
  }

  const nextOfPage = (): Tracked<DispatchEvent> | null => {
    const row = page?.rows[page.index]
    if (page === null || row === undefined) {
      afterSeq = page?.throughSeq ?? afterSeq
      page = null
      return null
    }
    page.index += 1
    afterSeq = row.seq
    return rowToTracked(row)
  }

  const readPage = (): Tracked<DispatchEvent> | null => {
    const firstSeq = events.firstSeq()
    if (afterSeq + 1 < firstSeq) {
      const from = hot.cursorOf(afterSeq)
      afterSeq = firstSeq - 1
      return toGap('retention', from, afterSeq)
    }
    const { threadIds, types: wanted } = filter
    page = { ...events.readAfter({ afterSeq, limit: PAGE, threadIds, types: wanted }), index: 0 }
    steps += PAGE
    return null
  }

  const nextDurable = (): Tracked<DispatchEvent> | null => {
    if (page !== null) return nextOfPage()
    if (afterSeq + 1 < hot.durable.first()) return readPage()
    afterSeq += 1
    steps += 1
    const entry = hot.durable.at(afterSeq)
    return isWanted(entry) ? entry.tracked : null
  }

  return () => {
    if (lost !== null) {
      const from = lost
      lost = null
      return toGap('epoch', from, afterSeq)
    }
    for (;;) {
      if (steps >= STEPS_PER_TURN) {
        steps = 0
        return 'busy'
      }
      const live = filter.live ? nextLive() : 'idle'
      if (live !== 'idle') return live
      if (page === null && afterSeq >= hot.durable.last()) {
        steps = 0
        return 'idle'
      }
      const durable = nextDurable()
      if (durable !== null) return durable
    }
  }
}

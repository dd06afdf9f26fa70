// Writes facts: projection and deliveries in one commit, then whoever waits for the lane is woken.
// All or nothing: what throws has stored and shown nothing, and what was committed is never thrown
// for.
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Fact } from '../codex/fact.ts'
import type { EventTx, EventLog, NewEvent } from '../events/event-log.ts'
import { isSettledBy } from '../requests/settled-by.ts'
import type { Log } from '../log/log.ts'
import { project, type Projection } from './project.ts'

/** Writes facts to the registry. */
export type FactWriter = {
  /**
   * In one commit; the facts are asked for one by one while it runs. Throws only where none of them
   * was stored or shown. Refused inside a transaction, before one is asked for: what shows and
   * tells would run ahead of a commit that may yet fail.
   */
  write(facts: Iterable<Fact>, cut: boolean): void
}

/** What the writer tells after the commit. */
export type FactListener = {
  /** In the same commit: what a fact means for deliveries. */
  deliveries(tx: EventTx, lane: LaneRow, fact: Fact): void
  /** In the same commit: what a fact means for requests; the lane that they are of, where there were any. */
  requests(tx: EventTx, fact: Fact): string | null
  /** After the commit: these lanes changed. */
  touched(threadIds: ReadonlySet<string>): void
  /** After the commit: Codex started a turn of that lane. */
  turnStarted(threadId: string): void
  /** After the commit: a turn of that lane ended. */
  turnEnded(threadId: string): void
  /** The app-server let the thread go. */
  unloaded(threadId: string): void
}

type WriterOptions = {
  store: Store
  events: EventLog
  clock: Clock
  log: Pick<Log, 'error'>
  listener: FactListener
  /** The lane's handle, or one like it that no other live lane has. */
  freeHandle: (lane: LaneRow) => string
}

type ItemStart = Extract<Fact, { kind: 'item-started' }>

type LiveFact = Extract<Fact, { kind: 'delta' | 'retrying' }>

const isLive = (fact: Fact): fact is LiveFact => fact.kind === 'delta' || fact.kind === 'retrying'

const toLive = (fact: LiveFact): NewEvent => {
  const { threadId, turnId } = fact
  if (fact.kind === 'delta') {
    const { itemId, stream, text } = fact
    return { threadId, type: 'item.delta', data: { turnId, itemId, stream, text } }
  }
  const { message, details, errorKind: kind, httpStatus } = fact
  return {
    threadId,
    type: 'turn.retrying',
    data: { turnId, message, details, kind, httpStatus },
  }
}

/** The turn that a fact is judged by: none for what is of an item that is complete. */
const turnIdOf = (fact: Fact): string | null => {
  if ('turn' in fact) return fact.turn.id
  return fact.kind === 'item-started' ? fact.turnId : null
}

/** A commit that runs. */
type Writing = {
  tx: EventTx
  cut: boolean
  /** When there was news last of lanes of which nothing else changes: one write each, at its end. */
  news: Map<string, number>
}

/** What is told after it. */
type Told = { touched: Set<string>; started: string[]; ended: string[]; unloaded: string[] }

/** Makes the writer. */
export const makeFactWriter = (options: WriterOptions): FactWriter => {
  const { store, events, clock, log, listener, freeHandle } = options
  const lastMessageOf = (threadId: string, turnId: string): string | null =>
    store.items.lastOfTurn(threadId, turnId, 'agentMessage')?.text ?? null

  // The registry has complete items only.
  const isDone = ({ threadId }: LaneRow, { turnId, item }: ItemStart): boolean =>
    store.items.get(threadId, turnId, item.id) !== null

  // What the end of a turn settles is asked no more.
  const isAsking = ({ threadId }: LaneRow, fact: Fact): boolean => {
    if (fact.kind !== 'turn-started' && fact.kind !== 'turn-ended') return false
    if (store.requests.countPending(threadId) === 0) return false
    return store.requests.pending(threadId).some((request) => !isSettledBy(request, fact))
  }

  const projectionOf = (lane: LaneRow, fact: Fact, cut: boolean): Projection => {
    const turnId = turnIdOf(fact)
    const isEnd = fact.kind === 'turn-ended'
    return project(
      {
        lane,
        turn: turnId === null ? null : (store.turns.get(lane.threadId, turnId) ?? null),
        goal: fact.kind === 'goal' ? store.goals.get(lane.threadId) : null,
        lastMessage: isEnd ? lastMessageOf(lane.threadId, fact.turn.id) : null,
        itemDone: fact.kind === 'item-started' && isDone(lane, fact),
        at: clock.now(),
        freeHandle: fact.kind === 'unarchived' ? freeHandle(lane) : lane.handle,
        cut,
        asking: isAsking(lane, fact),
      },
      fact,
    )
  }

  const apply = (writing: Writing, lane: LaneRow, projection: Projection): void => {
    const { threadId } = lane
    if (projection.turn) store.turns.upsert(projection.turn)
    if (projection.item) store.items.upsert(projection.item)
    if (projection.goal) store.goals.put(projection.goal)
    if (projection.goal === null) store.goals.remove(threadId)
    // What is told again, as at each join, is no news.
    const told = projection.events.map((event) => writing.tx.append({ threadId, ...event }))
    const isNews = told.some((cursor) => cursor !== null)
    if (Object.keys(projection.lane).length > 0) {
      store.lanes.update(threadId, { ...projection.lane, updatedAt: clock.now() })
      writing.news.delete(threadId)
    } else if (isNews) writing.news.set(threadId, clock.now())
  }

  const writeOne = (writing: Writing, fact: Fact): LaneRow | null => {
    const { tx, cut } = writing
    const lane = store.lanes.get(fact.threadId)
    if (lane) {
      apply(writing, lane, projectionOf(lane, fact, cut))
      listener.deliveries(tx, lane, fact)
    }
    // Sub-agents of a lane ask under thread ids of their own.
    const asker = listener.requests(tx, fact)
    return lane ?? (asker === null ? null : store.lanes.get(asker))
  }

  const noteOne = (told: Told, fact: Fact, lane: LaneRow | null): void => {
    if (!lane) return
    told.touched.add(lane.threadId)
    if (lane.threadId !== fact.threadId) return
    if (fact.kind === 'turn-started') told.started.push(fact.threadId)
    if (fact.kind === 'turn-ended') told.ended.push(fact.threadId)
    if (fact.kind === 'unloaded') told.unloaded.push(fact.threadId)
  }

  const tell = (step: () => void): void => {
    try {
      step()
    } catch (error) {
      log.error('fact.not-told', { error })
    }
  }

  const tellAll = (told: Told): void => {
    tell(() => listener.touched(told.touched))
    for (const threadId of told.unloaded) tell(() => listener.unloaded(threadId))
    for (const threadId of told.started) tell(() => listener.turnStarted(threadId))
    for (const threadId of told.ended) tell(() => listener.turnEnded(threadId))
  }

  return {
    write: (facts, cut) => {
      if (store.inTransaction()) throw new Error('facts cannot be written inside a transaction')
      const told: Told = { touched: new Set(), started: [], ended: [], unloaded: [] }
      const source = facts[Symbol.iterator]()
      let next = source.next()
      const leading: NewEvent[] = []
      for (; next.done !== true && isLive(next.value); next = source.next()) {
        leading.push(toLive(next.value))
      }
      if (next.done === true) {
        // Text that streams while nothing else happens needs no commit.
        for (const event of leading) events.live(event)
      } else {
        events.commit((tx) => {
          const writing: Writing = { tx, cut, news: new Map() }
          // Shown with the commit, so that one which fails and is tried again has not shown it.
          for (const event of leading) tx.live(event)
          for (; next.done !== true; next = source.next()) {
            const fact = next.value
            if (isLive(fact)) tx.live(toLive(fact))
            else noteOne(told, fact, writeOne(writing, fact))
          }
          for (const [threadId, updatedAt] of writing.news) {
            store.lanes.update(threadId, { updatedAt })
          }
        })
      }
      tellAll(told)
    },
  }
}

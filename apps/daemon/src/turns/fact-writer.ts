// Writes facts: projection and deliveries in one commit, then whoever waits for the lane is woken.
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Fact } from '../codex/fact.ts'
import type { EventTx, EventLog } from '../events/event-log.ts'
import { isSettledBy } from '../requests/settled-by.ts'
import { project, type Projection } from './project.ts'

/** Writes facts to the registry. */
export type FactWriter = { write(facts: readonly Fact[], cut: boolean): void }

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
  listener: FactListener
  /** The lane's handle, or one like it that no other live lane has. */
  freeHandle: (lane: LaneRow) => string
}

type ItemStart = Extract<Fact, { kind: 'item-started' }>

const turnIdOf = (fact: Fact): string | null => {
  if ('turn' in fact) return fact.turn.id
  return 'turnId' in fact ? fact.turnId : null
}

/** Makes the writer. */
export const makeFactWriter = (options: WriterOptions): FactWriter => {
  const { store, events, clock, listener, freeHandle } = options
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

  const apply = (tx: EventTx, lane: LaneRow, projection: Projection): void => {
    const { threadId } = lane
    if (projection.turn) store.turns.upsert(projection.turn)
    if (projection.item) store.items.upsert(projection.item)
    if (projection.goal) store.goals.put(projection.goal)
    if (projection.goal === null) store.goals.remove(threadId)
    // What is told again, as at each join, is no news.
    const told = projection.events.map((event) => tx.append({ threadId, ...event }))
    const isNews = told.some((cursor) => cursor !== null)
    if (isNews || Object.keys(projection.lane).length > 0) {
      store.lanes.update(threadId, { ...projection.lane, updatedAt: clock.now() })
    }
  }

  const writeOne = (tx: EventTx, fact: Fact, cut: boolean): LaneRow | null => {
    const lane = store.lanes.get(fact.threadId)
    if (lane) {
      apply(tx, lane, projectionOf(lane, fact, cut))
      listener.deliveries(tx, lane, fact)
    }
    // Sub-agents of a lane ask under thread ids of their own.
    const asker = listener.requests(tx, fact)
    return lane ?? (asker === null ? null : store.lanes.get(asker))
  }

  const showRetry = ({ threadId, ...fact }: Fact & { kind: 'retrying' }): void => {
    const { turnId, message, details, errorKind: kind, httpStatus } = fact
    const data = { turnId, message, details, kind, httpStatus }
    events.live({ threadId, type: 'turn.retrying', data })
  }

  const showDelta = (fact: Fact & { kind: 'delta' }): void =>
    events.live({
      threadId: fact.threadId,
      type: 'item.delta',
      data: { turnId: fact.turnId, itemId: fact.itemId, stream: fact.stream, text: fact.text },
    })

  return {
    write: (facts, cut) => {
      const touched = new Set<string>()
      const started: string[] = []
      const ended: string[] = []
      const unloaded: string[] = []
      let durable: Fact[] = []
      const flush = (): void => {
        const batch = durable
        durable = []
        if (batch.length === 0) return
        events.commit((tx) => {
          for (const fact of batch) {
            const lane = writeOne(tx, fact, cut)
            if (!lane) continue
            touched.add(lane.threadId)
            if (lane.threadId !== fact.threadId) continue
            if (fact.kind === 'turn-started') started.push(fact.threadId)
            if (fact.kind === 'turn-ended') ended.push(fact.threadId)
            if (fact.kind === 'unloaded') unloaded.push(fact.threadId)
          }
        })
      }
      // What is live only keeps its place among the durable events of its lane.
      for (const fact of facts) {
        if (fact.kind === 'delta') {
          flush()
          showDelta(fact)
        } else if (fact.kind === 'retrying') {
          flush()
          showRetry(fact)
        } else durable.push(fact)
      }
      flush()
      listener.touched(touched)
      for (const threadId of unloaded) listener.unloaded(threadId)
      for (const threadId of started) listener.turnStarted(threadId)
      for (const threadId of ended) listener.turnEnded(threadId)
    },
  }
}

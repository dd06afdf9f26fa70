// What happens to lanes, as triggers see it: follows the event log from a cursor that is on disk, so
// that what happened while no daemon ran, and is filled up at the next join, sets off what it has to.
// Runs only where there are triggers.
import type { DispatchEvent, EventType } from '@dispatch/contract'
import type { LaneRow, Store, TriggerRow, TriggerRunRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog, EventTx } from '../events/event-log.ts'
import type { Log } from '../log/log.ts'
import { unusableOf } from './decide-fire.ts'
import type { Planning } from './planning.ts'
import type { TriggerBook } from './trigger-book.ts'

/** What following needs. */
export type HappeningsOptions = {
  store: Store
  clock: Clock
  log: Log
  events: EventLog
  planning: Planning
  book: TriggerBook
  /** Whether what happens is left to the next daemon. */
  isDraining: () => boolean
  /** Resolves when it is known how lanes stand. */
  whenReady: (signal: AbortSignal) => Promise<void>
  /** Acts on what is on disk. */
  act: (runs: readonly TriggerRunRow[]) => void
  /** The lane rests, or rests no more: whoever goes by its rest is looked at anew. */
  rested: (triggers: readonly TriggerRow[]) => void
  /** Nothing more may come of what a lane was given: a turn of it has ended, or a message is settled. */
  settled: (laneId: string) => void
}

/** Follows what happens. */
export type Happenings = Disposable & {
  /** There are triggers; `anew`: there were none before. */
  start(anew: boolean): void
  /** The daemon drains no more: what has happened meanwhile is looked at. */
  resume(): void
}

const CURSOR = 'triggers.cursor'
/** So many events are looked at again after a kill at most; each is known by its occurrence. */
const KEEP_EVERY = 500
const AGAIN_MS = 1_000
/** Triggers in one commit. */
const PAGE = 100

const types: readonly EventType[] = [
  'turn.completed',
  'turn.failed',
  'turn.interrupted',
  'request.opened',
  'request.answered',
  'request.expired',
  'request.closed',
  // A message that leads to no turn is no more in the way of a rest.
  'delivery.failed',
  'delivery.cancelled',
  'delivery.discarded',
  'delivery.ambiguous',
  // What is held is not in its way either, and what goes on is.
  'queue.paused',
  'queue.resumed',
  'lane.archived',
  'lane.detached',
  'gap',
]

const outcomes = {
  'turn.completed': 'completed',
  'turn.failed': 'failed',
  'turn.interrupted': 'interrupted',
} as const

const isTurnEnd = (type: EventType): type is keyof typeof outcomes => Object.hasOwn(outcomes, type)

/** Makes the following. */
export const makeHappenings = (options: HappeningsOptions): Happenings => {
  const { store, clock, log, events, planning, book } = options
  const ending = new AbortController()
  let started = false
  let rests = false
  let unkept = 0
  let seen: string | null = null
  let timer: Disposable | null = null

  const isSetOff = (trigger: TriggerRow, { type, data }: DispatchEvent): boolean => {
    if (trigger.kind === 'turn_completed') {
      return isTurnEnd(type) && trigger.spec.outcomes.includes(outcomes[type])
    }
    if (trigger.kind !== 'waiting_on_approval' || type !== 'request.opened') return false
    // What a rule has answered by now waits for nobody.
    return store.requests.get(String(data['requestId']))?.state === 'pending'
  }

  // A sub-agent asks under a thread and a turn of its own, as part of the lane's.
  const turnOf = ({ lane, data }: DispatchEvent): string | null => {
    const { threadId = lane?.id, turnId } = data
    if (threadId !== lane?.id) return store.lanes.get(lane?.id ?? '')?.activeTurnId ?? null
    return typeof turnId === 'string' ? turnId : null
  }

  const planOne = (tx: EventTx, trigger: TriggerRow, event: DispatchEvent) => {
    const at = Date.parse(event.at)
    const seq = event.cursor === null ? null : store.events.resolve(event.cursor)?.afterSeq
    if (seq == null || seq <= trigger.armedSeq || !isSetOff(trigger, event)) return null
    if (book.endOf(trigger, at) !== null) {
      book.finish(trigger)
      return null
    }
    return planning.plan(tx, trigger, {
      key: `event:${event.cursor}`,
      cause: 'event',
      scheduledAt: at,
      turnId: turnOf(event),
      eventCursor: event.cursor,
    })
  }

  const planAll = (triggers: readonly TriggerRow[], event: DispatchEvent): TriggerRunRow[] =>
    events.commit(
      (tx) => {
        if (event.cursor !== null) store.runtime.set(CURSOR, event.cursor)
        return triggers.flatMap((trigger) => planOne(tx, trigger, event) ?? [])
      },
      { durable: true },
    )

  const disableAll = (triggers: readonly TriggerRow[], lane: LaneRow | null): void => {
    const reason = unusableOf(lane)
    if (reason === null || triggers.length === 0) return
    events.commit((tx) => {
      for (const trigger of triggers) book.disable(tx, trigger, reason)
    })
  }

  const keep = (): void => {
    if (unkept > 0 && seen !== null) store.runtime.set(CURSOR, seen)
    unkept = 0
  }

  const passed = ({ cursor }: DispatchEvent): void => {
    seen = cursor ?? seen
    unkept += 1
    if (unkept >= KEEP_EVERY) keep()
  }

  const take = (event: DispatchEvent, laneId: string): void => {
    if (event.type === 'lane.archived') {
      const found = [...store.triggers.ofLane(laneId), ...store.triggers.ofSource(laneId)]
      return disableAll(found, store.lanes.get(laneId))
    }
    const triggers = store.triggers.ofSource(laneId)
    // Before the event is behind the cursor: a daemon that is killed between the two looks at it again.
    const resting = triggers.filter(({ kind }) => kind === 'idle_for')
    if (resting.length > 0) options.rested(resting)
    if (triggers.some((trigger) => isSetOff(trigger, event))) options.act(planAll(triggers, event))
    if (isTurnEnd(event.type) || event.type.startsWith('delivery.')) options.settled(laneId)
  }

  // Page by page, so that the loop has its turn.
  const lookAtRests = async (): Promise<void> => {
    const resting = store.triggers.resting()
    for (let at = 0; at < resting.length && !ending.signal.aborted; at += PAGE) {
      options.rested(resting.slice(at, at + PAGE))
      await new Promise<void>((resolve) => void setImmediate(resolve))
    }
  }

  const follow = async (): Promise<void> => {
    const kept = store.runtime.get(CURSOR)
    const after = typeof kept === 'string' ? kept : events.lastCursor()
    if (kept === null) store.runtime.set(CURSOR, after)
    const query = { threadIds: null, types, live: false, own: true, signal: ending.signal }
    for await (const { data } of events.follow({ ...query, after })) {
      await options.whenReady(ending.signal)
      if (options.isDraining()) {
        keep()
        rests = true
        return
      }
      const laneId = data.lane?.id ?? null
      if (data.type === 'gap') await lookAtRests()
      else if (data.type === 'lane.detached') disableAll(store.triggers.sourceless(), null)
      else if (laneId !== null) take(data, laneId)
      passed(data)
    }
  }

  // A registry that cannot be written now is followed on from where it was left.
  const run = async (): Promise<void> => {
    try {
      await follow()
    } catch (error) {
      if (ending.signal.aborted) return
      log.error('trigger.follow-failed', { error })
      timer = clock.at(AGAIN_MS, () => void run())
    }
  }

  return {
    start: (anew) => {
      if (started || ending.signal.aborted) return
      started = true
      if (anew) store.runtime.set(CURSOR, events.lastCursor())
      void run()
    },
    resume: () => {
      if (!rests || ending.signal.aborted) return
      rests = false
      void run()
    },
    [Symbol.dispose]() {
      ending.abort()
      try {
        keep()
      } catch (error) {
        log.warn('trigger.cursor-not-kept', { error })
      }
      timer?.[Symbol.dispose]()
    },
  }
}

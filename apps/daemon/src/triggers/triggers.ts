// The room of triggers, put together: what is due by time or rest, what happens to lanes, acting on it
// by the way of every message, and the ops.
import type { DaemonServices } from '@dispatch/contract'
import type { TriggerRow, TriggerRunRow } from '@dispatch/store'
import { type ActingOptions, makeActing } from './acting.ts'
import { makeFiring } from './firing.ts'
import { makeHappenings } from './happenings.ts'
import { makePuttingAway, type PuttingAwayOptions } from './putting-away.ts'
import { makePlanning } from './planning.ts'
import { makePreparing } from './preparing.ts'
import { makeReadiness } from './readiness.ts'
import { makeReckoned } from './reckoned.ts'
import { makeRemoving, type Removing } from './removing.ts'
import { makeTimetable } from './timetable.ts'
import { makeTriggerBook } from './trigger-book.ts'
import { makeTriggerService, type TriggerServiceOptions } from './trigger-service.ts'
import { warmUp } from './warming.ts'

/** The room. */
export type Triggers = AsyncDisposable & {
  service: DaemonServices['trigger']
  /** The daemon drains no more, or its registry has room again: goes on with what was left. */
  resume(): void
  /** Codex was lost or joined: how lanes stand is not known until they were caught up with. */
  unsure(): void
  caughtUp(): void
  removeOf: Removing['removeOf']
  /** After the end: what was being acted on waits for Codex no more, once its connection has ended, too. */
  drained(): Promise<void>
}

type Made =
  | 'acting'
  | 'book'
  | 'changed'
  | 'endOf'
  | 'left'
  | 'planning'
  | 'putAway'
  | 'reckoned'
  | 'remove'
  | 'settle'
  | 'timetable'
  | 'whenReady'

type TriggersOptions = Omit<ActingOptions & TriggerServiceOptions & PuttingAwayOptions, Made> & {
  /** Makes UUIDv7s. */
  newId: () => string
}

/** A registry that could not be written may be by then; whoever is not well says so that often. */
const AGAIN_MS = 10_000

/** Puts the room together. It begins at once: with what was planned, then with what is due. */
export const makeTriggers = (options: TriggersOptions): Triggers => {
  const { store, clock } = options
  const book = makeTriggerBook(options)
  const timetable = makeTimetable(store)
  const reckoned = makeReckoned(options)
  const putAway = makePuttingAway(options)
  const { remove, removeOf } = makeRemoving(options)
  let again: Disposable | null = null
  const left = (): void => {
    again ??= clock.at(AGAIN_MS, () => {
      again = null
      goOn()
    })
  }
  const acting = makeActing({ ...options, book, putAway, left })
  const planning = makePlanning({ ...options, book, isUnderWay: acting.isUnderWay })
  const act = (runs: readonly TriggerRunRow[]): void => {
    for (const run of runs) void acting.act(run)
  }

  const goOn = (): void => act(store.triggerRuns.planned())

  // What a daemon that was killed did not put away, or none could while Codex was gone.
  const putAllAway = (): void => {
    const planned = new Set(store.triggerRuns.planned().map(({ id }) => id))
    for (const laneId of store.triggerRuns.madeLanes())
      if (!planned.has(store.lanes.get(laneId)?.callId ?? '')) putAway(laneId)
  }
  const preparing = makePreparing({ ...options, timetable })
  const readiness = makeReadiness({
    ...options,
    ready: () => {
      firing.changed()
      preparing.begin()
      putAllAway()
    },
  })
  const firing = makeFiring({
    ...options,
    timetable,
    reckoned,
    planning,
    book,
    act,
    isLeft: () => options.isDraining() || !readiness.isReady(),
  })

  const happenings = makeHappenings({
    ...options,
    planning,
    book,
    act,
    whenReady: readiness.whenReady,
    rested: (triggers: readonly TriggerRow[]) => firing.replan(triggers),
    settled: putAway,
  })

  const begin = (anew: boolean): void => {
    const { active, paused, disabled, done } = store.triggers.counts()
    const all = active + paused + disabled + done
    if (all > 0 || store.triggerRuns.madeLanes().length > 0) happenings.start(anew)
  }

  goOn()
  begin(false)
  const warming = warmUp({ store, clock, timetable })

  return {
    service: makeTriggerService({
      ...options,
      timetable,
      reckoned,
      planning,
      acting,
      whenReady: readiness.whenReady,
      settle: firing.settle,
      remove,
      endOf: book.endOf,
      changed: () => {
        begin(true)
        firing.changed()
      },
    }),
    resume: () => {
      goOn()
      happenings.resume()
      firing.changed()
    },
    unsure: readiness.unsure,
    caughtUp: readiness.caughtUp,
    removeOf,
    [Symbol.asyncDispose]: async () => {
      warming[Symbol.dispose]()
      readiness[Symbol.dispose]()
      preparing[Symbol.dispose]()
      happenings[Symbol.dispose]()
      await firing[Symbol.asyncDispose]()
      acting[Symbol.dispose]()
      again?.[Symbol.dispose]()
    },
    drained: acting.drained,
  }
}

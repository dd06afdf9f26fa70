// The room of triggers, put together: what is due by time or rest, what happens to lanes, acting on it
// by the way of every message, and the ops.
import type { DaemonServices } from '@dispatch/contract'
import type { TriggerRow, TriggerRunRow } from '@dispatch/store'
import { type ActingOptions, makeActing } from './acting.ts'
import { makeFiring } from './firing.ts'
import { makeHappenings } from './happenings.ts'
import { makePuttingAway, type PuttingAwayOptions } from './putting-away.ts'
import { makePlanning } from './planning.ts'
import { makeReckoned } from './reckoned.ts'
import { makeTimetable } from './timetable.ts'
import { makeTriggerBook } from './trigger-book.ts'
import { makeTriggerService, type TriggerServiceOptions } from './trigger-service.ts'

/** The room. */
export type Triggers = AsyncDisposable & {
  service: DaemonServices['trigger']
  /** The daemon drains no more: goes on with what was left. */
  resume(): void
  /** After the end: what was being acted on waits for Codex no more, once its connection has ended, too. */
  drained(): Promise<void>
}

type Made =
  | 'acting'
  | 'book'
  | 'changed'
  | 'endOf'
  | 'planning'
  | 'putAway'
  | 'reckoned'
  | 'settle'
  | 'timetable'

type TriggersOptions = Omit<ActingOptions & TriggerServiceOptions & PuttingAwayOptions, Made> & {
  /** Makes UUIDv7s. */
  newId: () => string
}

/** Puts the room together. It begins at once: with what was planned, then with what is due. */
export const makeTriggers = (options: TriggersOptions): Triggers => {
  const { store } = options
  const book = makeTriggerBook(options)
  const timetable = makeTimetable(store)
  const reckoned = makeReckoned(options)
  const putAway = makePuttingAway(options)
  const acting = makeActing({ ...options, book, putAway })
  const planning = makePlanning({ ...options, book, isUnderWay: acting.isUnderWay })
  const act = (runs: readonly TriggerRunRow[]): void => {
    for (const run of runs) void acting.act(run)
  }

  const firing = makeFiring({ ...options, timetable, reckoned, planning, book, act })
  const happenings = makeHappenings({
    ...options,
    planning,
    book,
    act,
    rested: (triggers: readonly TriggerRow[]) => firing.replan(triggers),
    madeLaneEnded: putAway,
  })

  const begin = (anew: boolean): void => {
    const { active, paused, disabled, done } = store.triggers.counts()
    const all = active + paused + disabled + done
    if (all > 0 || store.triggerRuns.madeLanes().length > 0) happenings.start(anew)
  }

  const planned = store.triggerRuns.planned()
  act(planned)
  const isPlanned = (laneId: string): boolean =>
    planned.some(({ id }) => id === store.lanes.get(laneId)?.callId)
  // What a daemon that was killed did not put away.
  for (const laneId of store.triggerRuns.madeLanes()) if (!isPlanned(laneId)) putAway(laneId)
  begin(false)

  return {
    service: makeTriggerService({
      ...options,
      timetable,
      reckoned,
      planning,
      acting,
      settle: firing.settle,
      endOf: book.endOf,
      changed: () => {
        begin(true)
        firing.changed()
      },
    }),
    resume: () => {
      act(store.triggerRuns.planned())
      happenings.resume()
      firing.changed()
    },
    [Symbol.asyncDispose]: async () => {
      happenings[Symbol.dispose]()
      await firing[Symbol.asyncDispose]()
      acting[Symbol.dispose]()
    },
    drained: acting.drained,
  }
}

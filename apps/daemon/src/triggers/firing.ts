// Looks at triggers whose time has come: takes up their occurrences, a page in one commit, and plans
// what is ahead. Sleeps until the next one; nothing is looked at while there is none.
import { type Alarm, type CatchUp, makeAlarm } from '@dispatch/scheduler'
import type { Store, TriggerRow, TriggerRunRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog, EventTx } from '../events/event-log.ts'
import type { Log } from '../log/log.ts'
import { isTimed } from './definition.ts'
import type { Planning } from './planning.ts'
import type { Reckoned } from './reckoned.ts'
import { restOf } from './rest.ts'
import type { Timetable } from './timetable.ts'
import { endOf, type TriggerBook } from './trigger-book.ts'

type FiringOptions = {
  store: Store
  clock: Clock
  log: Log
  events: EventLog
  timetable: Timetable
  reckoned: Reckoned
  planning: Planning
  book: TriggerBook
  /** Whether what falls due waits: for the next daemon, or until it is known how lanes stand. */
  isLeft: () => boolean
  /** Acts on what is on disk. */
  act: (runs: readonly TriggerRunRow[]) => void
}

/** Fires triggers when their time has come. */
export type Firing = AsyncDisposable & {
  /** Something is to be looked at at another time than it was. */
  changed(): void
  /** Plans anew when these are looked at. */
  replan(triggers: readonly TriggerRow[]): void
  /** Takes up what is due of one at once: it is about to become another one. */
  settle(trigger: TriggerRow): void
}

/** What became of a trigger that was due: what is to be acted on, and how many occurrences it had. */
type Taken = { runs: readonly TriggerRunRow[]; times: number }

/** Triggers in one commit: what is due at once is on disk in a few ms, and the loop has its turn. */
const PAGE = 100
/** Occurrences in one commit, from which on the next trigger waits for the next one. */
const PAGE_TIMES = 100
const nothing: Taken = { runs: [], times: 0 }
const SPOILED = 'It cannot be reckoned with: '

/** Makes the firing. */
export const makeFiring = (options: FiringOptions): Firing => {
  const { store, clock, log, events, timetable, reckoned, planning, book } = options

  const setAhead = (trigger: TriggerRow, after: number): void => {
    const now = store.triggers.get(trigger.id)
    if (now?.state !== 'active') return
    const { nextAt, scheduledAt } = timetable.ahead(now, after)
    if (nextAt === null && isTimed(now)) {
      const reason = endOf(now, clock.now()) ?? 'Its last time has been.'
      return void store.triggers.update(now.id, { state: 'done', reason, nextAt, scheduledAt })
    }
    if (nextAt !== now.nextAt || scheduledAt !== now.scheduledAt)
      store.triggers.update(now.id, { nextAt, scheduledAt })
  }

  // One that cannot be reckoned with keeps no other one from firing.
  const reckon = (tx: EventTx, trigger: TriggerRow, now: number): CatchUp | null => {
    try {
      return timetable.settle(trigger, now)
    } catch (error) {
      book.disable(tx, trigger, `${SPOILED}${error instanceof Error ? error.message : ''}`)
      return null
    }
  }

  const takeTimes = (tx: EventTx, trigger: TriggerRow, now: number): Taken => {
    const reckoned = reckon(tx, trigger, now)
    if (!reckoned) return nothing
    const { act, missed, settled } = reckoned
    if (missed) planning.missed(tx, trigger, missed)
    const runs: TriggerRunRow[] = []
    for (const scheduledAt of act) {
      const current = store.triggers.get(trigger.id)
      if (current?.state !== 'active') break
      const follows = runs.some(({ mode }) => mode !== 'context')
      const key = `time:${scheduledAt}`
      const run = planning.plan(tx, current, { key, cause: 'time', scheduledAt, follows })
      if (run) runs.push(run)
    }
    setAhead(trigger, settled)
    return { runs, times: act.length }
  }

  const takeRest = (tx: EventTx, trigger: TriggerRow, now: number): Taken => {
    const rest = restOf(store, trigger, now)
    const isDue = rest !== null && rest.at <= now
    const occurrence = { key: rest?.key ?? '', cause: 'idle', scheduledAt: rest?.at ?? 0 } as const
    const run = isDue ? planning.plan(tx, trigger, occurrence) : null
    setAhead(trigger, now)
    return { runs: run ? [run] : [], times: 1 }
  }

  const take = (tx: EventTx, trigger: TriggerRow, now: number): Taken => {
    if (isTimed(trigger)) return takeTimes(tx, trigger, now)
    if (book.endOf(trigger, now) !== null) {
      book.finish(trigger)
      return nothing
    }
    return takeRest(tx, trigger, now)
  }

  const takeAll = (due: readonly TriggerRow[], now: number): number => {
    let looked = 0
    const runs = events.commit(
      (tx) => {
        if (due.length > 0) reckoned.note()
        const page: TriggerRunRow[] = []
        let times = 0
        for (const trigger of due) {
          if (times >= PAGE_TIMES) break
          const taken = take(tx, trigger, now)
          page.push(...taken.runs)
          times += taken.times
          looked += 1
        }
        return page
      },
      { durable: true },
    )
    options.act(runs)
    return looked
  }

  const ring = (now: number): number =>
    options.isLeft() ? 0 : takeAll(store.triggers.due(now, PAGE), now)

  // What falls due meanwhile is caught up with afterwards.
  const nextAt = (): number | null => (options.isLeft() ? null : store.triggers.nextDue())

  let ended = false
  let looks = 0
  let looking = Promise.resolve()

  // Added or changed while the clock was ahead: it would be counted from a time that is to come.
  const isArmedAhead = ({ kind, armedAt }: TriggerRow, now: number): boolean =>
    kind === 'interval' && armedAt > now

  // One that cannot be reckoned with is found out when its time comes.
  const waitsTooLong = (trigger: TriggerRow, now: number): boolean => {
    if (trigger.scheduledAt === null) return false
    if (isArmedAhead(trigger, now)) return true
    try {
      return (timetable.ahead(trigger, now).scheduledAt ?? Infinity) < trigger.scheduledAt
    } catch {
      return false
    }
  }

  // A clock that was set back, seen or while nobody was there, would leave them waiting for what it
  // showed before. What has been is known by its occurrence. 100,000 take 0.7 s of CPU, 2.8 s where all
  // of them waited, so the loop has its turn after each page, and a start with a clock that has gone on
  // looks at none.
  const lookThrough = async (): Promise<void> => {
    for (let after: string | null = null; ;) {
      const page = store.triggers.list({ laneId: null, state: 'active', limit: PAGE, after })
      after = page.at(-1)?.id ?? null
      const now = clock.now()
      const waiting = page.filter((trigger) => waitsTooLong(trigger, now))
      if (waiting.length > 0) replan(waiting)
      if (page.length < PAGE) break
      await new Promise<void>((resolve) => void setImmediate(resolve))
      if (ended) return
    }
    looks -= 1
    if (looks === 0) reckoned.settle()
  }

  const setBack = (): void => {
    looks += 1
    looking = looking
      .then(lookThrough)
      .catch((error: unknown) => log.error('trigger.look-failed', { error }))
  }

  const replan = (triggers: readonly TriggerRow[]): void => {
    const now = clock.now()
    events.commit(() => {
      reckoned.note()
      for (const trigger of triggers) {
        if (isArmedAhead(trigger, now)) store.triggers.update(trigger.id, { armedAt: now })
        setAhead(trigger, now)
      }
    })
    alarm.reset()
  }

  const alarm: Alarm = makeAlarm({
    clock,
    nextAt,
    ring,
    failed: (error) => log.error('trigger.ring-failed', { error }),
    jumped: (ms) => {
      log.info('trigger.clock-jumped', { ms })
      if (ms < 0) setBack()
    },
  })

  if (reckoned.isAhead()) setBack()

  return {
    changed: alarm.reset,
    replan,
    settle: (trigger) => {
      const now = clock.now()
      if (trigger.nextAt !== null && trigger.nextAt <= now) takeAll([trigger], now)
    },
    [Symbol.asyncDispose]: async () => {
      ended = true
      await looking
      await alarm[Symbol.asyncDispose]()
    },
  }
}

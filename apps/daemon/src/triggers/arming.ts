// When a trigger fires next: set with each change of it, counted from now or from where it stood. Until a change
// what was due is acted on as it was, and what was late by its jitter then is on record.
import type { Call } from '@dispatch/contract'
import type { Store, TriggerRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'
import { decideResume } from './decide-resume.ts'
import { isTimed } from './definition.ts'
import { triggerOf } from './find-trigger.ts'
import type { Planning } from './planning.ts'
import type { Reckoned } from './reckoned.ts'
import type { Timetable } from './timetable.ts'

/** What it needs. */
export type ArmingOptions = {
  store: Store
  clock: Clock
  events: EventLog
  timetable: Timetable
  reckoned: Reckoned
  planning: Planning
  /** Resolves when it is known how lanes stand. */
  whenReady: (signal: AbortSignal) => Promise<void>
  /** Takes up what is due of a trigger at once. */
  settle: (trigger: TriggerRow) => void
}

/** Since when a trigger counts that is armed at that time. */
export type Armed = Pick<TriggerRow, 'armedAt' | 'armedSeq'>

/** Arms triggers. */
export type Arming = {
  /** The trigger as it stands when what was due of it was acted on, as lanes stand. */
  settled(selector: string, call: Call): Promise<TriggerRow>
  armedNow(now: number): Armed
  /** Writes a new trigger, which is armed already. */
  insert(row: TriggerRow): void
  /** Writes a trigger with its next time after `after`, or after now; what it is then. */
  arm(row: TriggerRow, when: { now: number; after?: number }): TriggerRow
  /** What comes late by its jitter when its trigger is `changed` will not come: it is a row like any other. */
  dropLate(row: TriggerRow, late: { now: number; changed: string }): void
  /** One that rests goes on from now; throws where it may not. */
  resume(row: TriggerRow): TriggerRow
}

/** Makes it. */
export const makeArming = (options: ArmingOptions): Arming => {
  const { store, clock, events, timetable, reckoned, planning } = options

  const current = ({ id }: TriggerRow): TriggerRow => triggerOf(store, id)

  const write = (change: () => void): void =>
    events.commit(
      () => {
        reckoned.note()
        change()
      },
      { durable: true },
    )

  const armedNow = (now: number): Armed => ({ armedAt: now, armedSeq: store.events.lastSeq() })

  const settled = async (selector: string, { signal }: Call): Promise<TriggerRow> => {
    const { nextAt } = triggerOf(store, selector)
    if (nextAt !== null && nextAt <= clock.now()) await options.whenReady(signal)
    const row = triggerOf(store, selector)
    options.settle(row)
    return current(row)
  }

  // What comes late by its jitter is ahead still.
  const isLate = ({ scheduledAt, nextAt }: TriggerRow, now: number): boolean =>
    scheduledAt !== null && scheduledAt <= now && nextAt !== null && nextAt > now

  const dropLate = (row: TriggerRow, { now, changed }: { now: number; changed: string }): void => {
    const { scheduledAt } = row
    if (scheduledAt === null || !isTimed(row) || !isLate(row, now)) return
    const detail = `${changed} before its delay (--jitter) was over.`
    events.commit((tx) => planning.dropped(tx, row, { scheduledAt, detail }), { durable: true })
  }

  const arm = (row: TriggerRow, { now, after = now }: { now: number; after?: number }) => {
    const none = { nextAt: null, scheduledAt: null }
    const ahead = row.state === 'active' ? timetable.ahead(row, after) : none
    const { id, createdAt: _created, ...rest } = { ...row, ...ahead, updatedAt: now }
    write(() => store.triggers.update(id, rest))
    return current(row)
  }

  const resume = (row: TriggerRow): TriggerRow => {
    const now = clock.now()
    const lane = row.laneId === null ? null : store.lanes.get(row.laneId)
    const source = row.sourceId === null ? null : store.lanes.get(row.sourceId)
    decideResume(row, { lane, source, now })
    const none = { failures: 0, backoffUntil: null, reason: null }
    const armed: TriggerRow = { ...row, ...none, state: 'active', ...armedNow(now) }
    timetable.check(armed, now)
    return arm(armed, { now })
  }

  return {
    settled,
    armedNow,
    insert: (row) => write(() => store.triggers.insert(row)),
    arm,
    dropLate,
    resume,
  }
}

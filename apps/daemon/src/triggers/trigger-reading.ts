// The ops that read triggers and their occurrences, and the answer of those that change one.
import { type DaemonServices, DispatchError, type TriggerResult } from '@dispatch/contract'
import type { LaneRow, Store, TriggerRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { triggerOf } from './find-trigger.ts'
import { nextTimesOf } from './next-times.ts'
import type { Timetable } from './timetable.ts'
import { rowToRun, rowToTrigger } from './trigger-view.ts'

/** Reads triggers. */
export type TriggerReading = {
  ops: Pick<DaemonServices['trigger'], 'get' | 'list' | 'runs' | 'next'>
  /** A trigger with what is ahead of it. */
  answer(row: TriggerRow, notes?: string[]): TriggerResult
}

type ReadingOptions = {
  store: Store
  clock: Clock
  timetable: Timetable
  find: { reading: (selector: string) => LaneRow }
}

const LIST_LIMIT = 50
const NEXT_LIMIT = 10
const AHEAD = 3
/** Of those that rest after failures, whose place among the next times is not known beforehand. */
const FAILING_MAX = 1_000

const cursorOf = (cursor: string | undefined, shape: RegExp, hint: string): string | null => {
  if (cursor === undefined) return null
  if (shape.test(cursor)) return cursor
  throw new DispatchError('validation', 'That is no cursor of this list.', { hint })
}

const id = /^[0-9a-f-]{36}$/
const place = /^\d{1,15}$/

/** Makes the reading. */
export const makeTriggerReading = (options: ReadingOptions): TriggerReading => {
  const { store, clock, timetable, find } = options

  const answer: TriggerReading['answer'] = (row, notes = []) => {
    const now = clock.now()
    const query = { after: now, limit: AHEAD }
    const next = timetable.preview(row, query).map((time) => new Date(time).toISOString())
    return { ...rowToTrigger(store, row, timetable.expected(row, now)), next, notes }
  }

  return {
    answer,
    ops: {
      get: (input) => answer(triggerOf(store, input.trigger)),

      list: (input) => {
        const limit = input.limit ?? LIST_LIMIT
        const rows = store.triggers.list({
          laneId: input.lane === undefined ? null : find.reading(input.lane).threadId,
          state: input.state ?? null,
          limit: limit + 1,
          after: cursorOf(input.cursor, id, 'dispatch trigger list'),
        })
        const page = rows.slice(0, limit)
        const now = clock.now()
        return {
          triggers: page.map((row) => rowToTrigger(store, row, timetable.expected(row, now))),
          nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
        }
      },

      runs: (input) => {
        const limit = input.limit ?? LIST_LIMIT
        const before = cursorOf(input.cursor, place, 'dispatch trigger runs')
        const rows = store.triggerRuns.list({
          triggerId: input.trigger === undefined ? null : triggerOf(store, input.trigger).id,
          outcome: input.outcome ?? null,
          limit: limit + 1,
          before: before === null ? null : Number(before),
        })
        const page = rows.slice(0, limit)
        const last = page.at(-1)
        return {
          runs: page.map((row) => rowToRun(store, row)),
          nextCursor: rows.length > limit && last ? String(last.seq) : null,
        }
      },

      next: (input) => {
        const limit = input.limit ?? NEXT_LIMIT
        const query = { after: clock.now(), limit }
        const rows =
          input.trigger === undefined
            ? [...store.triggers.upcoming(limit), ...store.triggers.failing(FAILING_MAX)]
            : [triggerOf(store, input.trigger)]
        return {
          times: nextTimesOf(timetable, rows, query).map(({ time, row }) => ({
            at: new Date(time).toISOString(),
            triggerId: row.id,
            name: row.name,
            handle: row.laneId === null ? null : (store.lanes.get(row.laneId)?.handle ?? null),
            action: row.action,
          })),
        }
      },
    },
  }
}

// Takes up occurrences: asks for a decision and puts the row on disk, before anything is acted on.
import type { RunCause, RunReason } from '@dispatch/contract'
import { bounds } from '@dispatch/contract/bounds'
import type { Missed } from '@dispatch/scheduler'
import {
  type LaneRow,
  type Store,
  StoreError,
  type TriggerRow,
  type TriggerRunRow,
} from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventTx } from '../events/event-log.ts'
import { causesOf, isNothingNew } from './causes.ts'
import { decideFire, type FireDecision } from './decide-fire.ts'
import { isLaneBusy } from './rest.ts'
import { templateToText } from './template.ts'
import type { TriggerBook } from './trigger-book.ts'

/** An occurrence before it is taken up. */
export type Occurrence = {
  /** What makes it the only one of its trigger. */
  key: string
  cause: RunCause
  scheduledAt: number
  /** The turn that set it off. */
  turnId?: string | null
  eventCursor?: string | null
  /** It comes behind one that makes a turn and is not acted on yet: the lane is as good as busy. */
  follows?: boolean
}

/** Takes occurrences up. */
export type Planning = {
  /** In the caller's commit: the row, where it is to be acted on; null where it is not, or is there already. */
  plan(tx: EventTx, trigger: TriggerRow, occurrence: Occurrence): TriggerRunRow | null
  /** Records a time that came late by its jitter, and for which it was changed before it was taken up. */
  dropped(tx: EventTx, trigger: TriggerRow, time: { scheduledAt: number; detail: string }): void
  /** Records times that were not taken up when they were due, as one row that names the last of them. */
  missed(tx: EventTx, trigger: TriggerRow, times: Missed): void
}

type PlanningOptions = {
  store: Store
  clock: Clock
  newId: () => string
  book: TriggerBook
  /** Whether an occurrence of that trigger is being acted on. */
  isUnderWay: (triggerId: string) => boolean
}

/** Makes the planning. */
export const makePlanning = (options: PlanningOptions): Planning => {
  const { store, clock, newId, book } = options
  // What fell due before it, fell due while nobody was there.
  const openedAt = clock.now()

  const rowOf = (trigger: TriggerRow, occurrence: Occurrence): TriggerRunRow => ({
    id: newId(),
    triggerId: trigger.id,
    key: occurrence.key,
    cause: occurrence.cause,
    outcome: 'planned',
    mode: null,
    text: null,
    reason: null,
    detail: null,
    code: null,
    scheduledAt: occurrence.scheduledAt,
    createdAt: clock.now(),
    firedAt: null,
    laneId: trigger.laneId,
    eventCursor: occurrence.eventCursor ?? null,
    turnId: occurrence.turnId ?? null,
    seenTurnId: null,
    chain: [],
  })

  // The lane that it acts on; with `new`, the one that it made last.
  const laneOf = ({ id, action, laneId }: TriggerRow): LaneRow | null => {
    const made = action === 'new' ? (store.triggerRuns.lastFired(id)?.laneId ?? null) : laneId
    return made === null ? null : store.lanes.get(made)
  }

  // One that is on disk and makes a lane has none yet whose work could be seen.
  const isBusy = ({ id, action }: TriggerRow, lane: LaneRow | null): boolean => {
    if (options.isUnderWay(id) || (action === 'new' && store.triggerRuns.hasPlanned(id)))
      return true
    return lane !== null && isLaneBusy(lane, store.deliveries.unsettled(lane.threadId))
  }

  const causedBy = ({ sourceId, kind }: TriggerRow, { turnId }: TriggerRunRow): string[] => {
    if (sourceId === null) return []
    const rested = kind === 'idle_for' ? (store.lanes.get(sourceId)?.latestTurnId ?? null) : null
    return causesOf(store, sourceId, turnId ?? rested)
  }

  const lastMessageOf = (trigger: TriggerRow, { turnId }: TriggerRunRow): string => {
    const of = trigger.sourceId ?? trigger.laneId
    if (of === null) return ''
    if (turnId === null) return store.lanes.get(of)?.lastMessage ?? ''
    return store.items.lastOfTurn(of, turnId, 'agentMessage')?.text ?? ''
  }

  const textOf = (trigger: TriggerRow, run: TriggerRunRow, lane: LaneRow | null): string => {
    if (!trigger.spec.template) return trigger.text
    const text = templateToText(trigger.text, {
      'lane.ref': lane?.ref ?? '',
      'lane.title': lane?.title ?? '',
      'trigger.name': trigger.name,
      'fire.scheduledAt': new Date(run.scheduledAt).toISOString(),
      'turn.lastMessage': lastMessageOf(trigger, run),
    })
    return text.slice(0, bounds.message).toWellFormed()
  }

  const take: Planning['plan'] = (tx, trigger, occurrence) => {
    const run = rowOf(trigger, occurrence)
    const lane = laneOf(trigger)
    const chain = causedBy(trigger, run)
    const decision: FireDecision = decideFire({
      trigger,
      cause: run.cause,
      now: run.createdAt,
      lane,
      isBusy: occurrence.follows === true || isBusy(trigger, lane),
      causedBy: chain,
      isNothingNew: trigger.spec.dedupe && lane !== null && isNothingNew(store, trigger, lane),
    })
    const skip = (reason: RunReason, detail: string): null => {
      book.record(tx, trigger, { ...run, chain, outcome: 'skipped', reason, detail })
      return null
    }
    if (decision.do === 'skip') return skip(decision.reason, decision.detail)
    if (decision.do === 'disable') {
      skip('disabled', decision.reason)
      book.disable(tx, trigger, decision.reason)
      return null
    }
    const text = textOf(trigger, run, lane)
    if (text.trim() === '') return skip('no_text', 'Its text is empty with what was filled in.')
    const seenTurnId = lane?.latestTurnId ?? null
    const planned = { ...run, chain, mode: decision.mode, seenTurnId, text }
    return book.record(tx, trigger, planned) ? planned : null
  }

  // One that cannot be decided keeps no other one from firing.
  const plan: Planning['plan'] = (tx, trigger, occurrence) => {
    try {
      return take(tx, trigger, occurrence)
    } catch (error) {
      if (error instanceof StoreError) throw error
      const why = error instanceof Error ? error.message : String(error)
      book.disable(tx, trigger, `It could not be decided whether it fires: ${why}`)
      return null
    }
  }

  return {
    plan,
    dropped: (tx, trigger, { scheduledAt, detail }) => {
      const run = rowOf(trigger, { key: `time:${scheduledAt}`, cause: 'time', scheduledAt })
      book.record(tx, trigger, { ...run, outcome: 'skipped', reason: 'disabled', detail })
    },
    missed: (tx, trigger, { count, first, last }) => {
      const isLate = first >= openedAt
      const what = isLate ? 'The daemon was there, and came too late' : 'Nobody was there'
      const since = new Date(first).toISOString()
      const detail = count === 1 ? `${what}.` : `${what} for ${count} times, from ${since} on.`
      const run = rowOf(trigger, { key: `missed:${last}`, cause: 'time', scheduledAt: last })
      book.record(tx, trigger, {
        ...run,
        outcome: 'missed',
        reason: isLate ? 'late' : 'not_running',
        detail,
      })
    },
  }
}

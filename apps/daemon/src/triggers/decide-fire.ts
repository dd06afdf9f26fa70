// Whether an occurrence is acted on, and how: pure. Asked in the commit that records the occurrence.
//
//   the lane cannot be written any more      the trigger is disabled
//   its own doing, or its own doing at last  skipped: nothing sets itself off for ever
//   a guard says no, it failed just now      skipped
//   the lane is busy                         skipped, or queued where the trigger says so
//   else                                     fired
import type { DeliveryMode, RunCause, RunReason } from '@dispatch/contract'
import type { LaneRow, TriggerRow } from '@dispatch/store'

/** What the decision looks at. */
export type FireState = {
  trigger: TriggerRow
  cause: RunCause
  now: number
  /** The lane that it acts on; null where it makes its own. */
  lane: LaneRow | null
  /** Whether something runs on the lane, or is about to; with `new`, on the lane that it made last. */
  isBusy: boolean
  /** Triggers whose messages are part of the turn that set it off, and those that led to them. */
  causedBy: readonly string[]
  /** Whether the lane has seen nothing new since this trigger's own last turn. */
  isNothingNew: boolean
}

/** What becomes of the occurrence. */
export type FireDecision =
  | { do: 'fire'; mode: DeliveryMode | 'new' }
  | { do: 'skip'; reason: RunReason; detail: string }
  | { do: 'disable'; reason: string }

const skip = (reason: RunReason, detail: string): FireDecision => ({ do: 'skip', reason, detail })

const iso = (ms: number): string => new Date(ms).toISOString()

/** Why nothing can be done to that lane any more, in words; null where it can. */
export const unusableOf = (lane: LaneRow | null): string | null => {
  if (lane === null) return 'Its lane is gone.'
  if (lane.archivedAt !== null)
    return `${lane.handle} is archived: dispatch restore ${lane.ref}, then resume the trigger.`
  return lane.source === 'own'
    ? null
    : `${lane.handle} is attached: dispatch adopt ${lane.ref}, then resume the trigger.`
}

const BACKOFF_MS = 30_000
const BACKOFF_MAX_MS = 3_600_000

/** Until when it rests because it failed; null where it does not. A clock that was set back tells nothing. */
export const restsUntil = (
  { backoffUntil }: Pick<TriggerRow, 'backoffUntil'>,
  now: number,
): number | null =>
  backoffUntil !== null && now < backoffUntil && backoffUntil - now <= BACKOFF_MAX_MS
    ? backoffUntil
    : null

const decideCause = ({ trigger, causedBy }: FireState): FireDecision | null => {
  if (causedBy.length === 0) return null
  const { id, kind, laneId, sourceId } = trigger
  if (causedBy.includes(id)) return skip('loop', 'What it goes by was set off by itself.')
  // A rest after the turn of another trigger is a rest; each trigger is in a chain once.
  if (kind !== 'idle_for' && laneId === sourceId)
    return skip('caused_by_trigger', 'The turn was that of a trigger on the same lane.')
  return null
}

const decideGuards = (state: FireState): FireDecision | null => {
  const { trigger, now, isBusy, isNothingNew } = state
  const { fires, lastFiredAt, spec } = trigger
  if (spec.maxFires !== null && fires >= spec.maxFires)
    return skip('busy', 'The last message that it was to send is still on its way.')
  const until = restsUntil(trigger, now)
  if (until !== null) return skip('backing_off', `It failed, and rests until ${iso(until)}.`)
  // A clock that was set back tells nothing of how long ago it was.
  const elapsed = lastFiredAt === null || lastFiredAt > now ? null : now - lastFiredAt
  if (spec.minIntervalMs !== null && elapsed !== null && elapsed < spec.minIntervalMs)
    return skip('min_interval', `It fired ${elapsed / 1_000} s ago.`)
  if (spec.idleOnly && isBusy) return skip('idle_only', 'The lane is busy.')
  if (spec.dedupe && isNothingNew)
    return skip('dedupe', 'The lane has seen nothing new since its last turn.')
  return null
}

const decideMode = ({ trigger, lane, isBusy }: FireState): FireDecision => {
  const { action, spec } = trigger
  const isQueued = isBusy && spec.overlap === 'queue'
  if (action === 'steer') {
    return lane?.activeTurnId == null
      ? skip('no_active_turn', 'No turn runs that it could steer.')
      : { do: 'fire', mode: 'steer' }
  }
  if (action === 'queue') return { do: 'fire', mode: 'queue' }
  if (isBusy && !isQueued) {
    return action === 'new'
      ? skip('busy', 'The lane that it made last is still at work.')
      : skip('busy', 'The lane is busy, or its last message is still on its way.')
  }
  if (action === 'brief') return { do: 'fire', mode: 'context' }
  if (action === 'new') return { do: 'fire', mode: 'new' }
  return { do: 'fire', mode: isQueued ? 'queue' : 'send' }
}

/** Decides an occurrence. */
export const decideFire = (state: FireState): FireDecision => {
  const { trigger, cause, lane } = state
  const unusable = trigger.action === 'new' ? null : unusableOf(lane)
  if (unusable !== null) return { do: 'disable', reason: unusable }
  // Who fires it by hand has thought of the guards.
  if (cause === 'manual') return decideMode(state)
  return decideCause(state) ?? decideGuards(state) ?? decideMode(state)
}

/** So many failures in a row are no chance. */
const FAILURES_MAX = 5

/** What a failure does to its trigger. */
export type AfterFailure =
  | { do: 'rest'; failures: number; until: number }
  | { do: 'disable'; failures: number; reason: string }

/** Decides what becomes of a trigger that has failed again. */
export const decideAfterFailure = (
  { failures }: Pick<TriggerRow, 'failures'>,
  { message, now }: { message: string; now: number },
): AfterFailure => {
  const count = failures + 1
  if (count >= FAILURES_MAX)
    return {
      do: 'disable',
      failures: count,
      reason: `It failed ${count} times in a row: ${message}`,
    }
  const rest = Math.min(BACKOFF_MS * 2 ** failures, BACKOFF_MAX_MS)
  return { do: 'rest', failures: count, until: now + rest }
}

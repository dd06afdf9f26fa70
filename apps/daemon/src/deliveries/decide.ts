// What may be done with a message, and what became of one: pure. The states of a delivery:
//
//   queued     -> submitting   it is its turn: on disk before the first byte leaves
//   submitting -> accepted     Codex reported the user message complete, or history holds it
//              -> failed       Codex refused it, or a history that was read whole lacks it
//              -> ambiguous    no history can tell
//              -> queued       what waited, and such a history lacks: it goes again, so often
import {
  type DeliveryMode,
  type DeliveryState,
  DispatchError,
  type ErrorCode,
} from '@dispatch/contract'
import { bounds } from '@dispatch/contract/bounds'
import type { DeliveryHead, LaneRow } from '@dispatch/store'

/** A refusal: an expected no, as a value. */
export type Refusal = { code: ErrorCode; message: string; hint?: string }

/** The error of a refusal. */
export const refusalToError = ({ code, message, hint }: Refusal, lane: LaneRow): DispatchError =>
  new DispatchError(code, message, {
    ...(hint ? { hint } : {}),
    details: { lane: { ref: lane.ref, id: lane.threadId, handle: lane.handle } },
  })

/** Whether dispatch may write to the lane at all. */
export const decideWritable = (lane: LaneRow): Refusal | null => {
  if (lane.archivedAt !== null) {
    return {
      code: 'validation',
      message: `${lane.handle} is archived.`,
      hint: `dispatch restore ${lane.ref}`,
    }
  }
  if (lane.source === 'attached') {
    return {
      code: 'authority',
      message: `${lane.handle} is attached: dispatch reads it, and starts no turns on it.`,
      hint: `dispatch adopt ${lane.ref}`,
    }
  }
  return null
}

/** Whether nobody has seen what became of it. */
export const isUndecided = ({ state }: Pick<DeliveryHead, 'state'>): boolean =>
  state === 'submitting' || state === 'ambiguous'

const decideAmbiguous = (lane: LaneRow, unsettled: readonly DeliveryHead[]): Refusal | null => {
  const ambiguous = unsettled.find((delivery) => delivery.state === 'ambiguous')
  if (!ambiguous) return null
  return {
    code: 'lane_busy',
    message: `Whether Codex has message ${ambiguous.id} cannot be told; the lane waits for a person.`,
    hint: `dispatch delivery list --lane ${lane.ref} --state ambiguous`,
  }
}

/** Whether a message may start a turn on the lane now. */
export const decideSend = (lane: LaneRow, unsettled: readonly DeliveryHead[]): Refusal | null => {
  const refusal = decideWritable(lane) ?? decideAmbiguous(lane, unsettled)
  if (refusal) return refusal
  if (lane.activeTurnId !== null) {
    return {
      code: 'lane_busy',
      message: `${lane.handle} has an active turn.`,
      hint: `dispatch send ${lane.ref} ... with --queue, --steer or --interject`,
    }
  }
  const submitting = unsettled.find(({ state }) => state === 'submitting')
  if (!submitting) return null
  return {
    code: 'lane_busy',
    message: `A message is on its way to ${lane.handle}: ${submitting.id}`,
    hint: `dispatch send ${lane.ref} ... with --queue`,
  }
}

const decideActive = ({ ref, handle, activeTurnId }: LaneRow, verb: string): Refusal | null =>
  activeTurnId !== null
    ? null
    : {
        code: 'validation',
        message: `${handle} has no active turn to ${verb}.`,
        hint: `dispatch send ${ref} ...`,
      }

/** Whether a message may go into the turn that runs. */
export const decideSteer = (lane: LaneRow, unsettled: readonly DeliveryHead[]): Refusal | null =>
  decideWritable(lane) ?? decideActive(lane, 'steer') ?? decideAmbiguous(lane, unsettled)

/** Whether a message may wait for its turn on the lane. */
export const decideEnqueue = (
  lane: LaneRow,
  mode: DeliveryMode,
  unsettled: readonly DeliveryHead[],
): Refusal | null => {
  const refusal = decideWritable(lane)
  if (refusal) return refusal
  if (mode === 'interject') {
    return decideActive(lane, 'interrupt') ?? decideAmbiguous(lane, unsettled)
  }
  if (mode === 'queue' && lane.ephemeral) {
    return {
      code: 'validation',
      message: `${lane.handle} is ephemeral: it may be gone before a queued message has its turn.`,
      hint: `dispatch wait ${lane.ref}, then dispatch send ${lane.ref} ...`,
    }
  }
  return null
}

/** Whether the lane's queue has room for one more message of that length. */
export const decideRoom = (
  lane: LaneRow,
  textLength: number,
  unsettled: readonly DeliveryHead[],
): Refusal | null => {
  const queue = unsettled.filter(({ state }) => state === 'queued')
  const characters = queue.reduce((sum, waiting) => sum + waiting.textLength, textLength)
  const { queueMessages, queueCharacters } = bounds
  const over =
    queue.length >= queueMessages
      ? `${queueMessages} messages, and that many wait`
      : characters > queueCharacters
        ? `${queueCharacters} characters, and with this message there would be ${characters}`
        : null
  if (over === null) return null
  return {
    code: 'lane_busy',
    message: `The queue of ${lane.handle} is full: it has at most ${over}.`,
    hint: lane.held
      ? `dispatch queue resume ${lane.ref}, or dispatch queue cancel`
      : `dispatch queue list ${lane.ref}, then dispatch wait ${lane.ref}`,
  }
}

/** What was found of a message after a crash. */
export type Evidence = {
  /** Its user message in Codex's history, by our id. */
  inHistory: { turnId: string | null } | null
  /** User messages with the same text in the rollout beyond its length at submission; null where the rollout cannot be read. */
  sameTextInRollout: number | null
  /** Other unsettled deliveries of the lane with the same text. */
  twins: number
}

/** What a delivery turns out to be, judged behind the fence: nothing can still be on its way. */
export type Judgement = { state: DeliveryState; turnId: string | null; failure: string | null }

/** Judges a delivery whose acceptance was not seen. */
export const judge = ({ inHistory, sameTextInRollout, twins }: Evidence): Judgement => {
  if (inHistory) return { state: 'accepted', turnId: inHistory.turnId, failure: null }
  if (sameTextInRollout === null) {
    return { state: 'ambiguous', turnId: null, failure: 'the rollout could not be read' }
  }
  if (sameTextInRollout === 0) {
    return {
      state: 'failed',
      turnId: null,
      failure: 'Codex never had it: it is not in the history',
    }
  }
  if (twins > 0) {
    return { state: 'ambiguous', turnId: null, failure: 'two messages with the same text' }
  }
  return { state: 'accepted', turnId: null, failure: null }
}

/** Judges context whose acceptance was not seen; `inRollout` is null where the rollout cannot be read. */
export const judgeContext = (inRollout: boolean | null): Judgement => {
  if (inRollout) return { state: 'accepted', turnId: null, failure: null }
  return inRollout === null
    ? { state: 'ambiguous', turnId: null, failure: 'the rollout could not be read' }
    : { state: 'failed', turnId: null, failure: 'Codex never had it: it is not in the rollout' }
}

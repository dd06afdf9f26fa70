// Where a lane or one of its turns is, as the ops that wait say it.
import {
  type DeliveryMode,
  DispatchError,
  type ErrorBody,
  errorToBody,
  type Turn,
  type WaitResult,
  type WaitUntil,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { isGoalOpen } from '../goals/goal-turn.ts'
import { rowToIdentity, turnOf } from '../lanes/lane-view.ts'
import { turnToReason } from './turn-ends.ts'

type LaneOutcome = WaitResult['lanes'][number]

/** The final message of that turn, or null. */
export const finalMessage = (store: Store, threadId: string, turnId: string): string | null =>
  store.items.lastOfTurn(threadId, turnId, 'agentMessage')?.text ?? null

/** Whether something runs on the lane or is on its way to it; what waits for a person does not count. */
const isWorking = (store: Store, lane: LaneRow): boolean => {
  if (lane.activeTurnId !== null) return true
  const unsettled = store.deliveries.unsettled(lane.threadId)
  // Behind a message of which nobody can tell whether Codex has it, nothing starts.
  const isStuck = unsettled.some(({ state }) => state === 'ambiguous')
  const mayStart = (mode: DeliveryMode): boolean => !isStuck && !(lane.held && mode === 'queue')
  return unsettled.some(
    ({ state, mode }) => state === 'submitting' || (state === 'queued' && mayStart(mode)),
  )
}

const outcomeOf = (store: Store, lane: LaneRow, turn: Turn | null): LaneOutcome['outcome'] => {
  if (lane.status === 'waiting_approval') return 'approval'
  if (isWorking(store, lane)) return 'running'
  return turn === null || turn.status === 'started' ? 'idle' : turn.status
}

const meets: Record<WaitUntil, (outcome: LaneOutcome['outcome']) => boolean> = {
  done: (outcome) => outcome !== 'running' && outcome !== 'approval',
  idle: (outcome) => outcome !== 'running' && outcome !== 'approval',
  failed: (outcome) => outcome === 'failed',
  approval: (outcome) => outcome === 'approval',
  any: (outcome) => outcome !== 'running',
}

/** Where the lane is, and whether that is where it was waited for. */
export const laneOutcome = (store: Store, lane: LaneRow, until: WaitUntil): LaneOutcome => {
  const turn = turnOf(store, lane.threadId, lane.latestTurnId)
  const between = until === 'idle' && isGoalOpen(store, lane.threadId)
  const outcome = between ? 'running' : outcomeOf(store, lane, turn)
  return {
    ...rowToIdentity(lane),
    met: meets[until](outcome),
    outcome,
    stalled: lane.stalled,
    turn,
    lastMessage: lane.lastMessage,
    usage: lane.usage,
  }
}

/** Why a turn did not complete, or null when it did. */
export const turnVerdict = (
  lane: { ref: string; handle: string },
  turn: Turn,
): ErrorBody | null => {
  if (turn.status === 'completed' || turn.status === 'started') return null
  const reason = turnToReason(turn)
  const why = reason === null ? '.' : `: ${reason}`
  return errorToBody(
    new DispatchError(
      'turn_failed',
      `The turn of ${lane.handle} ${turn.status === 'failed' ? 'failed' : 'was interrupted'}${why}`,
      {
        hint: `dispatch tail ${lane.ref}`,
        details: { lane: { ref: lane.ref, handle: lane.handle }, turn },
      },
    ),
  )
}

/** The verdict of a wait that ran out of time. */
export const timeoutVerdict = (
  seconds: number,
  lanes: readonly { ref: string; handle: string; stalled: boolean }[],
): ErrorBody => {
  const stalled = lanes.filter((lane) => lane.stalled)
  const names = stalled.map(({ handle }) => handle).join(', ')
  const why = names === '' ? '' : ` Stalled: ${names}.`
  return errorToBody(
    new DispatchError('timeout', `Nothing came within ${seconds} s.${why}`, {
      hint: `dispatch get ${(stalled[0] ?? lanes[0])?.ref ?? 'LANE'}`,
      details: {
        timeoutSeconds: seconds,
        lanes: lanes.map(({ ref }) => ref),
        stalled: stalled.map(({ ref }) => ref),
      },
    }),
  )
}

/** The end of a wait whose message Codex had not taken when the time was up. */
export const notTaken = (lane: LaneRow, seconds: number): DispatchError =>
  new DispatchError(
    'timeout',
    `Nothing came within ${seconds} s: Codex has not taken the message, and it is not sent.`,
    {
      hint: 'dispatch daemon status',
      details: { timeoutSeconds: seconds, lanes: [lane.ref], stalled: [], sent: false },
    },
  )

/** The verdict where a person is asked. */
export const approvalVerdict = (lane: { ref: string; handle: string }): ErrorBody =>
  errorToBody(
    new DispatchError('approval_required', `${lane.handle} waits for a person.`, {
      hint: `dispatch request list --lane ${lane.ref}`,
      details: { lane: { ref: lane.ref, handle: lane.handle } },
    }),
  )

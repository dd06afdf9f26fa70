// What is said of a run whose time was over: what became of its turn and of its lane. Pure.
import {
  DispatchError,
  type ErrorBody,
  errorToBody,
  type LaneIdentity,
  type Turn,
} from '@dispatch/contract'

/** The end of a run. */
export type Ended = {
  lane: LaneIdentity
  /** As it is after the run has ended it; null where none began. */
  turn: Turn | null
  archived: boolean
  seconds: number
}

const turnToWords = (turn: Turn | null): string => {
  if (turn === null) return 'no turn of it has begun'
  if (turn.status === 'started') return 'its turn could not be stopped yet'
  return turn.status === 'interrupted' ? 'its turn was stopped' : 'its turn has ended meanwhile'
}

/** The verdict; `details` as of a wait that ran out of time. */
export const runTimeoutVerdict = (
  { lane, turn, archived, seconds }: Ended,
  details: ErrorBody['details'],
): ErrorBody => {
  const kept = archived ? 'the lane is archived' : 'the lane is kept'
  return errorToBody(
    new DispatchError(
      'timeout',
      `Out of time after ${seconds} s: ${turnToWords(turn)}, and ${kept}.`,
      {
        hint: `dispatch tail ${lane.ref} shows how far it came; run takes a longer --timeout`,
        details: { ...details, lane },
      },
    ),
  )
}

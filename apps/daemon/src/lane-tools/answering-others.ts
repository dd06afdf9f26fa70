// Whose requests an agent may answer: a yes gives a lane what its own access does not, so it comes from a
// person, or from an agent that nothing holds back. Nobody answers for itself or for who made it. Pure.
import { DispatchError } from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import type { Access } from './access.ts'

/** An answer, as far as it depends on who gives it. */
export type Answer = {
  decides: 'answers' | 'denies'
  /** Whose request it is, with those of its sub-agents; null where it is no lane's. */
  lane: LaneRow | null
  caller: LaneRow
  access: Pick<Access, 'sandbox' | 'approvalPolicy'>
  /** Who made a lane, or null. */
  above: (lane: LaneRow) => LaneRow | null
}

const hint = 'A person can answer it.'

const refuse = (said: string, bound: string): DispatchError =>
  new DispatchError('authority', said, { hint, details: { bound } })

/** Why an answer is refused, or null. */
export const answerToRefusal = (answer: Answer): DispatchError | null => {
  const { decides, lane, caller, access, above } = answer
  for (let at: LaneRow | null = caller; at !== null; at = above(at)) {
    if (at.threadId !== lane?.threadId) continue
    return at === caller
      ? refuse('An agent does not answer its own requests.', 'itself')
      : refuse(`An agent does not answer for ${at.handle}, which made its lane.`, 'maker')
  }
  const isFree = access.sandbox === 'danger-full-access' && access.approvalPolicy === 'never'
  if (decides === 'denies' || isFree) return null
  const of = lane?.handle ?? 'a thread'
  return refuse(`What ${of} asks for may be more than you may do yourself.`, 'parent')
}

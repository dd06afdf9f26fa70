// What goes with which way of sending: pure.
import type { DeliveryMode } from '@dispatch/contract'
import type { Refusal } from '../deliveries/decide.ts'

/** Whether what was asked for beside the message goes with the way in which it meets the lane. */
export const decideOptions = (
  mode: DeliveryMode,
  { overrides, wait }: { overrides: object; wait: boolean },
): Refusal | null => {
  const startsNoTurn = mode === 'steer' || mode === 'context'
  if (startsNoTurn && Object.keys(overrides).length > 0) {
    return {
      code: 'validation',
      message: `Settings go with the start of a turn, and --${mode} starts none.`,
      hint: 'dispatch send LANE ... --queue takes them, dispatch set LANE changes those of the lane',
    }
  }
  if (mode === 'context' && wait) {
    return {
      code: 'validation',
      message: '--context starts no turn, so there is none to wait for.',
      hint: 'Leave --wait out: the answer comes when the model has it, or with queued.',
    }
  }
  return null
}

// stop: ends the turn of a lane, or those of all. How a turn ends is said in turns/stop.ts.
import {
  type DaemonServices,
  DispatchError,
  type StopInput,
  type StopResult,
  toDispatchError,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { Stopper } from '../turns/stop.ts'
import { resolveLane } from './lane-resolver.ts'
import { rowToIdentity } from './lane-view.ts'

/** What it needs. */
export type LaneStoppingOptions = { store: Store; audit: Audit; stopper: Stopper }

const isNothingStopped = ({ turnId, goalPaused }: StopResult['lanes'][number]): boolean =>
  turnId === null && !goalPaused

/** The lanes that a `stop` names. */
const stopTargets = (
  input: StopInput,
  options: { busy: () => LaneRow[]; resolve: (selector: string) => LaneRow },
): LaneRow[] => {
  if (input.all && input.lane !== undefined) {
    throw new DispatchError('validation', 'Give a lane or --all, not both.')
  }
  if (input.all) return options.busy()
  if (input.lane === undefined) {
    throw new DispatchError('validation', 'Which lane?', { hint: 'dispatch stop LANE, or --all' })
  }
  return [options.resolve(input.lane)]
}

/** Makes the op. */
export const makeLaneStopping =
  ({ store, audit, stopper }: LaneStoppingOptions): DaemonServices['stop'] =>
  (input, call) =>
    audit.run('stop', call, async (note) => {
      const lanes = stopTargets(input, {
        busy: stopper.busy,
        resolve: (selector) => resolveLane(store, selector, { turns: true }),
      })
      const [only] = lanes
      if (lanes.length === 1 && only) note.lane(only)
      // With --all one lane that cannot be stopped hides none that was.
      const stopOne = async (lane: LaneRow) => {
        try {
          return await stopper.stop(lane, call.signal)
        } catch (error) {
          if (!input.all) throw error
          const { message } = toDispatchError(error)
          const turnId = lane.activeTurnId
          const failed = { turnId, stopped: false, goalPaused: false, reason: message }
          return { ...rowToIdentity(lane), ...failed }
        }
      }
      const stopped = await Promise.all(lanes.map(stopOne))
      note.detail({ lanes: stopped.length })
      const refused = input.all ? undefined : stopped.find(isNothingStopped)
      if (refused) {
        throw new DispatchError('validation', `${refused.handle} has no active turn to stop.`, {
          hint: `dispatch get ${refused.ref}`,
        })
      }
      return { lanes: stopped }
    })

// The goal that `new` begins a lane with: set paused where a message goes first or nothing is to be
// sent, else active at once. The same call made again finds what it has done.
import { DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { CodexLink } from '../codex/codex-link.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { GoalCalls } from './goal-calls.ts'
import type { GoalPauses } from './goal-pauses.ts'

type FirstGoalOptions = {
  store: Store
  link: CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  calls: GoalCalls
  pauses: GoalPauses
}

/** What comes after the goal: its own turns, a message, or nothing. */
export type AfterGoal = 'turns' | 'message' | 'nothing'

/** Gives a new lane its goal. */
export type FirstGoal = {
  begin(
    lane: LaneRow,
    objective: string,
    how: { next: AfterGoal; signal: AbortSignal },
  ): Promise<void>
}

/** Waits until Codex has begun the first turn of the goal, for this long. */
const BEGUN_MS = 10_000

/** Makes it. */
export const makeFirstGoal = (options: FirstGoalOptions): FirstGoal => {
  const { store, link, workers, changes, calls, pauses } = options

  const set = async (
    lane: LaneRow,
    objective: string,
    how: { next: AfterGoal; signal: AbortSignal },
  ) => {
    const { threadId } = lane
    const client = await link.client(how.signal)
    const status = how.next === 'turns' ? 'active' : 'paused'
    const known = await calls.read(client, threadId)
    if (known === null) await calls.set(client, threadId, { objective, status })
    // What is owed is on disk before the message is.
    if (how.next === 'message' && store.deliveries.get(lane.callId) === null) {
      pauses.mark(threadId, 'new')
    }
  }

  const begun = async ({ threadId }: LaneRow, signal: AbortSignal): Promise<void> => {
    const isOver = (): boolean =>
      store.lanes.get(threadId)?.latestTurnId !== null ||
      store.goals.get(threadId)?.status !== 'active'
    await changes.until([threadId], isOver, { signal, timeoutMs: BEGUN_MS })
  }

  return {
    begin: async (lane, objective, how) => {
      try {
        await workers.run(lane.threadId, () => set(lane, objective, how))
        if (how.next === 'turns') await begun(lane, how.signal)
      } catch (error) {
        // The lane is there all the same, and the caller must learn which.
        if (!(error instanceof DispatchError)) throw error
        throw new DispatchError(error.code, error.message, {
          hint: error.hint ?? `dispatch goal set ${lane.ref} "..."`,
          details: { ...error.details, lane: rowToIdentity(lane) },
          cause: error,
        })
      }
    },
  }
}

// The ops below `goal`: resolve, refuse, ask Codex. The goal that `new` begins a lane with is set elsewhere.
import {
  type DaemonServices,
  DispatchError,
  type GoalReadResult,
  type GoalSetInput,
} from '@dispatch/contract'
import type { CodexClient } from '@dispatch/codex-client'
import type { GoalRow, LaneRow, Store } from '@dispatch/store'
import { type Audit, textToShape } from '../audit/audit.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { GoalCalls } from './goal-calls.ts'
import type { GoalPauses } from './goal-pauses.ts'
import { rowToGoal } from './goal-view.ts'

export type GoalServiceOptions = {
  store: Store
  audit: Audit
  link: CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  loading: LaneLoading
  calls: GoalCalls
  pauses: GoalPauses
  /** The lane of a selector: for reading, or for what writes turns. */
  find: { reading(selector: string): LaneRow; writing(selector: string): LaneRow }
}

/** Waits until Codex has begun the first turn of a goal, for this long. */
const BEGUN_MS = 10_000

const refuseEphemeral = (lane: LaneRow): void => {
  if (!lane.ephemeral) return
  throw new DispatchError(
    'validation',
    `${lane.handle} is ephemeral: Codex keeps no goal where it keeps no history.`,
    { hint: 'dispatch new --name NAME --goal "..." without --ephemeral' },
  )
}

const refuseArchived = (lane: LaneRow): void => {
  if (lane.archivedAt === null) return
  throw new DispatchError('validation', `${lane.handle} is archived.`, {
    hint: `dispatch restore ${lane.ref}`,
  })
}

const refuseNothing = (lane: LaneRow, { objective, status, tokenBudget }: GoalSetInput): void => {
  if (objective !== undefined || status !== undefined || tokenBudget !== undefined) return
  throw new DispatchError('validation', 'Nothing to set: no objective, no status, no budget.', {
    hint: `dispatch goal set ${lane.ref} "..."`,
  })
}

const noGoal = (lane: LaneRow): DispatchError =>
  new DispatchError('validation', `${lane.handle} has no goal yet: it needs an objective.`, {
    hint: `dispatch goal set ${lane.ref} "..."`,
  })

// What Codex made of it where that is not what was asked for, and what keeps a goal from running.
const notesOf = (input: GoalSetInput, goal: GoalRow): string[] => {
  if (goal.status === 'active') {
    return ['Codex works at it by itself until it is done; dispatch stop pauses it.']
  }
  const wanted = input.status ?? (input.objective === undefined ? null : 'active')
  if (wanted !== 'active') return []
  return goal.status === 'budgetLimited'
    ? ['Its budget is spent: --token-budget with a larger one lets it go on.']
    : [`It is ${goal.status}: --status active starts it.`]
}

/** Makes the ops. */
export const makeGoalService = (options: GoalServiceOptions): DaemonServices['goal'] => {
  const { store, audit, link, workers, changes, loading, calls, pauses, find } = options

  const now = (lane: LaneRow): LaneRow => store.lanes.get(lane.threadId) ?? lane

  const answer = (lane: LaneRow, origin: GoalReadResult['origin']): GoalReadResult => ({
    ...rowToIdentity(now(lane)),
    goal: rowToGoal(store.goals.get(lane.threadId)),
    origin,
  })

  const change = async (client: CodexClient, lane: LaneRow, input: GoalSetInput) => {
    const { threadId } = lane
    const { objective, status, tokenBudget } = input
    const before = await calls.read(client, threadId)
    if (before === null && objective === undefined) throw noGoal(lane)
    const runs = (status ?? before?.status ?? 'active') === 'active'
    // Only the server that has the lane loaded runs it, and only that of ours is followed.
    if (runs) await loading.load(client, now(lane))
    if (status !== undefined && before?.pausedFor != null) pauses.mark(threadId, null)
    return await calls.set(client, threadId, {
      ...(objective === undefined ? {} : { objective }),
      ...(status === undefined ? {} : { status }),
      ...(tokenBudget === undefined ? {} : { tokenBudget }),
    })
  }

  const begun = async (lane: LaneRow, signal: AbortSignal): Promise<void> => {
    const { threadId } = lane
    const isOver = (): boolean =>
      now(lane).activeTurnId !== null || store.goals.get(threadId)?.status !== 'active'
    await changes.until([threadId], isOver, { signal, timeoutMs: BEGUN_MS })
  }

  return {
    status: async (input) => {
      const lane = find.reading(input.lane)
      refuseEphemeral(lane)
      const client = link.current()
      if (!client || lane.archivedAt !== null) return answer(lane, 'registry')
      try {
        await calls.read(client, lane.threadId)
        return answer(lane, 'codex')
      } catch (error) {
        const isAway = error instanceof DispatchError && error.code === 'app_server'
        if (!isAway) throw error
        return answer(lane, 'registry')
      }
    },

    set: (input, call) =>
      audit.run('goal.set', call, async (note) => {
        const lane = find.writing(input.lane)
        note.lane(lane)
        if (input.objective !== undefined) note.detail(textToShape(input.objective))
        if (input.status !== undefined) note.detail({ status: input.status })
        refuseEphemeral(lane)
        refuseArchived(lane)
        refuseNothing(lane, input)
        const client = await link.client(call.signal)
        const goal = await workers.run(lane.threadId, () => change(client, lane, input))
        if (goal.status === 'active') await begun(lane, call.signal)
        const kept = rowToGoal(store.goals.get(lane.threadId) ?? goal)
        if (!kept) throw new DispatchError('internal', 'A goal that was set is not there.')
        return { ...rowToIdentity(now(lane)), goal: kept, notes: notesOf(input, goal) }
      }),

    clear: (input, call) =>
      audit.run('goal.clear', call, async (note) => {
        const lane = find.writing(input.lane)
        note.lane(lane)
        refuseEphemeral(lane)
        refuseArchived(lane)
        const client = await link.client(call.signal)
        const cleared = await workers.run(lane.threadId, () => calls.clear(client, lane.threadId))
        const goesOn = cleared && now(lane).activeTurnId !== null
        return {
          ...rowToIdentity(now(lane)),
          goal: null,
          cleared,
          notes: goesOn ? [`The turn that runs goes on: dispatch stop ${lane.ref} ends it.`] : [],
        }
      }),
  }
}

// What the registry makes of what Codex tells about a goal: pure. A goal that dispatch has paused is
// activated again only while it is paused: one that became complete, blocked or limited meanwhile is not.
import type { GoalRow, LaneRow } from '@dispatch/store'
import type { GoalFact } from '../codex/fact.ts'

type State = { lane: LaneRow; goal: GoalRow | null; at: number }

type GoalChanged = { type: 'goal.changed'; key: null; data: Record<string, unknown> }

/** The goal as it is to be kept, null for none, and what followers are told. */
export type GoalProjection = { goal?: GoalRow | null; events: GoalChanged[] }

/** Whether both say the same, but for what is counted. */
export const isSameGoal = (
  one: Pick<GoalFact, 'objective' | 'status' | 'tokenBudget'>,
  other: Pick<GoalFact, 'objective' | 'status' | 'tokenBudget'>,
): boolean =>
  one.objective === other.objective &&
  one.status === other.status &&
  one.tokenBudget === other.tokenBudget

const changed = (from: GoalRow | null, goal: GoalFact | null): GoalChanged => ({
  type: 'goal.changed',
  key: null,
  data: {
    from: from?.status ?? null,
    status: goal?.status ?? null,
    objective: goal?.objective ?? null,
    tokenBudget: goal?.tokenBudget ?? null,
    tokensUsed: goal?.tokensUsed ?? null,
  },
})

/** What to write because Codex told of the goal. */
export const goalToProjection = (state: State, goal: GoalFact | null): GoalProjection => {
  const { lane, goal: before, at } = state
  if (!goal) return before ? { goal: null, events: [changed(before, null)] } : { events: [] }
  const isResumable = goal.status === 'paused' || goal.status === 'active'
  const row: GoalRow = {
    ...goal,
    threadId: lane.threadId,
    heardAt: at,
    pausedFor: isResumable ? (before?.pausedFor ?? null) : null,
  }
  // Codex tells of every turn's tokens, which is no news of the goal.
  return { goal: row, events: before && isSameGoal(before, goal) ? [] : [changed(before, goal)] }
}

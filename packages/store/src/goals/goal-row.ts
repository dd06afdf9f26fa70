// A goal as the registry keeps it: what Codex last told of it, and what dispatch owes it.
import type { GoalPause, GoalStatus } from '@dispatch/contract'

/** One row of `goals`; times in epoch ms. */
export type GoalRow = {
  threadId: string
  objective: string
  status: GoalStatus
  tokenBudget: number | null
  tokensUsed: number
  timeUsedSeconds: number
  createdAt: number
  updatedAt: number
  /** When Codex last told of it. */
  heardAt: number
  /** Why dispatch has paused it, or is about to; it activates it again after. */
  pausedFor: GoalPause | null
}

// A goal as every surface shows it.
import type { Goal } from '@dispatch/contract'
import type { GoalRow } from '@dispatch/store'

const iso = (ms: number): string => new Date(ms).toISOString()

/** The goal of that row; null stays null. */
export const rowToGoal = (row: GoalRow | null): Goal | null =>
  row && {
    objective: row.objective,
    status: row.status,
    tokenBudget: row.tokenBudget,
    tokensUsed: row.tokensUsed,
    timeUsedSeconds: row.timeUsedSeconds,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    asOf: iso(row.heardAt),
    pausedFor: row.pausedFor,
  }

// A goal as every surface shows it.
import type { Goal } from '@dispatch/contract'
import type { GoalRow } from '@dispatch/store'
import { msToIso } from '../clock/instant.ts'

/** The goal of that row; null stays null. */
export const rowToGoal = (row: GoalRow | null): Goal | null =>
  row && {
    objective: row.objective,
    status: row.status,
    tokenBudget: row.tokenBudget,
    tokensUsed: row.tokensUsed,
    timeUsedSeconds: row.timeUsedSeconds,
    createdAt: msToIso(row.createdAt),
    updatedAt: msToIso(row.updatedAt),
    asOf: msToIso(row.heardAt),
    pausedFor: row.pausedFor,
  }

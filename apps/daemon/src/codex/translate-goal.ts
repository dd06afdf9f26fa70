// A goal of Codex in our words: times there are seconds.
import { GoalStatus } from '@dispatch/contract'
import { z } from 'zod'
import type { GoalFact } from './fact.ts'

const seconds = z.number().transform((value) => Math.round(value * 1000))

const CodexGoal = z.looseObject({
  objective: z.string(),
  status: GoalStatus,
  tokenBudget: z.number().nullish(),
  tokensUsed: z.number().default(0),
  timeUsedSeconds: z.number().default(0),
  createdAt: seconds,
  updatedAt: seconds,
})

/** The goal, or null for what is none that we know. */
export const goalToFact = (goal: unknown): GoalFact | null => {
  const parsed = CodexGoal.safeParse(goal)
  if (!parsed.success) return null
  const { objective, status, tokenBudget, tokensUsed, timeUsedSeconds } = parsed.data
  const { createdAt, updatedAt } = parsed.data
  return {
    objective,
    status,
    tokenBudget: tokenBudget ?? null,
    tokensUsed,
    timeUsedSeconds,
    createdAt,
    updatedAt,
  }
}

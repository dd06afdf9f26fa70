// A goal: what Codex works at by itself on a thread, turn after turn. Values are spelled as Codex does.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Timestamp, withinCharacters } from '../fields.ts'

/** How a goal stands. Only an active one makes Codex start turns. */
export const GoalStatus = z.enum([
  'active',
  'paused',
  'blocked',
  'usageLimited',
  'budgetLimited',
  'complete',
])

/** What dispatch has paused an active goal for, and activates it again after. */
export const GoalPause = z.enum(['message', 'new', 'down'])

/** What a goal is about: Codex's own bound, counted in code points; not blank. */
export const GoalObjective = z
  .string()
  .refine(withinCharacters(bounds.goal), {
    error: `must be at most ${bounds.goal} characters (the limit of Codex)`,
  })
  .refine((text) => text.trim() !== '', { error: 'must not be empty or blank' })

/** A goal as every surface shows it. */
export const Goal = z.strictObject({
  objective: z.string().describe('What it is about'),
  status: GoalStatus.describe('active: Codex starts turns for it by itself, one after the other'),
  tokenBudget: z.number().int().nullable().describe('Tokens that it may use, or null for no bound'),
  tokensUsed: z.number().int().describe('Tokens that it has used'),
  timeUsedSeconds: z.number().describe('Seconds that its turns have taken'),
  createdAt: Timestamp.describe('When it was set'),
  updatedAt: Timestamp.describe('When Codex last changed it'),
  asOf: Timestamp.describe('When dispatch last heard of it'),
  pausedFor: GoalPause.nullable().describe(
    'Why dispatch has paused it and will activate it again: a message that goes first, the first message of new, a daemon that is down; or null',
  ),
})

export type Goal = z.output<typeof Goal>
export type GoalStatus = z.output<typeof GoalStatus>
export type GoalPause = z.output<typeof GoalPause>

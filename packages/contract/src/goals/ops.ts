// goal status, goal set, goal clear.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { Goal, GoalObjective, GoalStatus } from './goal.ts'

const lane = Selector.meta({ positional: true })
const notes = z.array(z.string()).describe('What the caller should know')

export const GoalReadInput = z.strictObject({ lane })

export const GoalReadResult = LaneIdentity.extend({
  goal: Goal.nullable().describe('The goal, or null where the lane has none'),
  origin: z
    .enum(['codex', 'registry'])
    .describe('codex: as Codex has it now. registry: as dispatch last heard, Codex being away'),
})

export const GoalSetInput = z.strictObject({
  lane,
  objective: GoalObjective.optional()
    .meta({ positional: true, fileFlag: 'objective-file' })
    .describe('What the lane is to reach; a lane without a goal needs one'),
  status: GoalStatus.optional().describe(
    'active when a goal is set for the first time, else what it was. An active goal makes Codex start turns by itself until it is done or its budget is spent',
  ),
  tokenBudget: z
    .number()
    .int()
    .min(1, 'must be positive')
    .max(bounds.tokenBudget)
    .optional()
    .describe('Tokens that the goal may use before Codex stops working at it'),
})

export const GoalSetResult = LaneIdentity.extend({
  goal: Goal.describe('The goal as Codex has it now'),
  notes,
})

export const GoalClearInput = z.strictObject({ lane })

export const GoalClearResult = LaneIdentity.extend({
  goal: z.null().describe('Always null: the lane has no goal any more'),
  cleared: z.boolean().describe('Whether there was one'),
  notes,
})

export type GoalReadInput = z.output<typeof GoalReadInput>
export type GoalReadResult = z.output<typeof GoalReadResult>
export type GoalSetInput = z.output<typeof GoalSetInput>
export type GoalSetResult = z.output<typeof GoalSetResult>
export type GoalClearInput = z.output<typeof GoalClearInput>
export type GoalClearResult = z.output<typeof GoalClearResult>

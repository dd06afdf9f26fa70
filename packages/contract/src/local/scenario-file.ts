// The file of a scenario: lanes, what each is told, and what is expected of it. In snake_case, as the
// configuration. Read by whoever plays it, so that no other surface loads zod for it.
import { z } from 'zod'
import { LaneName, MessageText } from '../fields.ts'

const LANES_MAX = 50

const ScenarioLane = z.strictObject({
  alias: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be letters, digits, `_`, `.` and `-`')
    .describe('What the report calls the lane'),
  name: LaneName.optional().describe('Name of the lane; the alias when absent'),
  prompt: MessageText.describe('The message that it is given'),
  expect_contains: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(100)])
    .optional()
    .describe('A text that its answer must contain, or a list of them'),
  expect_outcome: z
    .enum(['completed', 'failed'])
    .optional()
    .describe('How its turn must end; completed when absent'),
  simulated: z
    .string()
    .optional()
    .describe(
      'Directives that the simulated model plays for it; when absent it plays the prompt, and quotes one without directives',
    ),
})

/** A scenario. */
export const ScenarioFile = z.strictObject({
  name: z.string().min(1).max(200).describe('Name of the scenario'),
  description: z.string().max(10_000).optional().describe('What it shows'),
  timeout_seconds: z
    .number()
    .positive()
    .max(604_800)
    .optional()
    .describe('Seconds that its lanes may take together; 180 when absent'),
  poll_seconds: z
    .number()
    .positive()
    .optional()
    .describe('Without effect, for files that have it: lanes are waited for, not polled'),
  preferred_model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The model with --real; that of Codex when absent'),
  allow_model_fallback: z
    .boolean()
    .optional()
    .describe('With --real: play it on the model of Codex where the preferred one is not offered'),
  effort: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Reasoning effort with --real; that of Codex when absent'),
  parallel: z
    .boolean()
    .optional()
    .describe('Whether the lanes work at once (when absent) or one after the other'),
  lanes: z
    .array(ScenarioLane)
    .min(1)
    .max(LANES_MAX)
    .refine((lanes) => new Set(lanes.map(({ alias }) => alias)).size === lanes.length, {
      error: 'must have an alias each that no other has',
    })
    .describe('The lanes'),
})

export type ScenarioLane = z.output<typeof ScenarioLane>
export type ScenarioFile = z.output<typeof ScenarioFile>

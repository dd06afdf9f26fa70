// scenario: lanes with expectations, played in a throw-away home.
import { z } from 'zod'
import { ErrorBodySchema } from '../error-body.ts'
import { Seconds } from '../fields.ts'
import { Check } from './doctor.ts'

export const ScenarioInput = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(4_096)
    .meta({ positional: true, path: true })
    .describe('The scenario, a TOML file'),
  real: z
    .boolean()
    .optional()
    .describe(
      'Your own Codex login and a real model, with its costs, in place of the simulated model',
    ),
  keepHome: z
    .boolean()
    .optional()
    .describe('Keep the throw-away homes; those of a scenario that failed are kept anyway'),
  timeoutSeconds: Seconds.optional()
    .meta({ flag: 'timeout' })
    .describe('Seconds that the lanes may take together; what the file says when absent'),
})

/** What came of one lane. */
const PlayedLane = z.strictObject({
  alias: z.string().describe('What the scenario calls it'),
  ref: z.string().nullable().describe('Its ref, or null where it was not made'),
  id: z.string().nullable().describe('Its thread id, or null'),
  handle: z.string().nullable().describe('Its handle, or null'),
  outcome: z
    .enum(['completed', 'failed', 'interrupted', 'approval', 'idle', 'running'])
    .nullable()
    .describe('Where it is, or null'),
  lastMessage: z.string().nullable().describe('Its answer, or null'),
})

export const ScenarioResult = z.strictObject({
  scenario: z.string().describe('Name of the scenario'),
  description: z.string().nullable().describe('What it shows, or null'),
  file: z.string().describe('The file'),
  status: z.enum(['ok', 'fail']).describe('Whether every check holds'),
  codex: z.enum(['simulated', 'real']).describe('Who answered'),
  model: z.string().nullable().describe('The model that Codex reported, or null'),
  durationMs: z.number().int().describe('How long it took, in milliseconds'),
  lanes: z.array(PlayedLane).describe('What came of each lane'),
  checks: z.array(Check).describe('What was looked at, in order'),
  kept: z.string().nullable().describe('The folder of the homes where they are kept, or null'),
  notes: z.array(z.string()).describe('What the caller should know'),
  error: ErrorBodySchema.nullable().describe('Set when a check failed, or null'),
})

export type ScenarioInput = z.output<typeof ScenarioInput>
export type ScenarioResult = z.output<typeof ScenarioResult>

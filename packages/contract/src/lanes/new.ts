// new: start a Codex thread as an own lane and give it its first message.
import { z } from 'zod'
import { ErrorBodySchema } from '../error-body.ts'
import { ResolvedValue } from '../config/resolved.ts'
import { IdempotencyKey, LaneName, MessageText, Prefix, PresetName, Seconds } from '../fields.ts'
import { GoalObjective } from '../goals/goal.ts'
import { Delivery } from '../turns/delivery.ts'
import { Turn } from '../turns/turn.ts'
import { LaneIdentity } from './lane.ts'
import { EffectiveSettings, LaneSettings } from './settings.ts'

/** What `new` takes and a configuration may set: every field is a flag and, in snake_case, a key of it. */
export const NewDefaults = z.strictObject({
  cwd: z
    .string()
    .min(1)
    .optional()
    .meta({ path: true })
    .describe("Directory that the lane works in; the caller's when absent"),
  text: MessageText.optional()
    .meta({ alias: 't', fileFlag: 'input-file' })
    .describe('The first message'),
  goal: GoalObjective.optional()
    .meta({ fileFlag: 'goal-file' })
    .describe(
      'A goal: Codex starts turns for it by itself, after the first message where there is one, until it is done. With --no-send it is left paused',
    ),
  prefix: Prefix.optional().describe(
    'Stands before the name in the title; takes ${DISPATCH.CWD.REPO}, ${DISPATCH.CWD.BASENAME} and ${DISPATCH.PRESET}; empty for none',
  ),
  ...LaneSettings.shape,
  ephemeral: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe('Codex keeps no history of the lane'),
})

export const NewInput = z.strictObject({
  name: LaneName.meta({ alias: 'n' }).describe('Name of the lane'),
  presets: z
    .array(PresetName)
    .max(20)
    .optional()
    .meta({ flag: 'preset' })
    .describe(
      'Presets of the configuration; later ones win, what the call itself says wins over all',
    ),
  ...NewDefaults.shape,
  send: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe('Whether the message is sent; --no-send only makes the lane'),
  idempotencyKey: IdempotencyKey,
  dryRun: z
    .boolean()
    .optional()
    .describe('Only answer the plan: each value and where it comes from; nothing is written'),
  wait: z.boolean().optional().describe('Answer when the turn has ended'),
  timeoutSeconds: Seconds.optional()
    .meta({ flag: 'timeout', needs: 'wait' })
    .describe('Seconds that --wait waits at most'),
})

export const NewResult = LaneIdentity.extend({
  messageAccepted: z.boolean().describe('Whether the first message is durable in Codex'),
  goalSet: z.boolean().describe('Whether a goal was set'),
  latestTurn: Turn.nullable().describe(
    'The turn of the first message or, without one, of the goal; or null',
  ),
  model: z.string().nullable().describe('The model that Codex reported'),
  effective: EffectiveSettings.describe('What Codex reported as in force'),
  delivery: Delivery.nullable().describe('The receipt of the first message, or null'),
  lastMessage: z.string().nullable().describe('With wait: the final message of the turn'),
  plan: z
    .array(ResolvedValue)
    .nullable()
    .describe('With dryRun: what the lane would be made of; ref and id are empty then'),
  notes: z.array(z.string()).describe('What the caller should know, such as a changed handle'),
  error: ErrorBodySchema.nullable().describe(
    'Why the message did not arrive or, with wait, its turn did not complete; or null',
  ),
})

export type NewDefaults = z.output<typeof NewDefaults>
export type NewInput = z.output<typeof NewInput>
export type NewResult = z.output<typeof NewResult>

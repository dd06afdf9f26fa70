// new: start a Codex thread as an own lane and give it its first message.
import { z } from 'zod'
import { ErrorBodySchema } from '../error-body.ts'
import { LaneName, MessageText, Seconds } from '../fields.ts'
import { Delivery } from '../turns/delivery.ts'
import { Turn } from '../turns/turn.ts'
import { LaneIdentity } from './lane.ts'
import { EffectiveSettings, LaneSettings } from './settings.ts'

export const NewInput = z.strictObject({
  name: LaneName.meta({ alias: 'n' }).describe('Name of the lane'),
  cwd: z
    .string()
    .min(1)
    .optional()
    .meta({ path: true })
    .describe("Directory that the lane works in; the caller's when absent"),
  text: MessageText.optional()
    .meta({ alias: 't', fileFlag: 'input-file' })
    .describe('The first message'),
  send: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe('Whether the message is sent; --no-send only makes the lane'),
  ...LaneSettings.shape,
  ephemeral: z.boolean().optional().describe('Codex keeps no history of the lane'),
  wait: z.boolean().optional().describe('Answer when the turn has ended'),
  timeoutSeconds: Seconds.optional()
    .meta({ flag: 'timeout' })
    .describe('Seconds that --wait waits at most'),
})

export const NewResult = LaneIdentity.extend({
  messageAccepted: z.boolean().describe('Whether the first message is durable in Codex'),
  goalSet: z.boolean().describe('Whether a goal was set'),
  latestTurn: Turn.nullable().describe('The turn of the first message, or null'),
  model: z.string().nullable().describe('The model that Codex reported'),
  effective: EffectiveSettings.describe('What Codex reported as in force'),
  delivery: Delivery.nullable().describe('The receipt of the first message, or null'),
  lastMessage: z.string().nullable().describe('With wait: the final message of the turn'),
  notes: z.array(z.string()).describe('What the caller should know, such as a changed handle'),
  error: ErrorBodySchema.nullable().describe(
    'Why the message did not arrive or, with wait, its turn did not complete; or null',
  ),
})

export type NewInput = z.output<typeof NewInput>
export type NewResult = z.output<typeof NewResult>

// run: a lane for one message, from its start to its archive.
import { z } from 'zod'
import { ErrorBodySchema } from '../error-body.ts'
import { LaneName, MessageText, Seconds } from '../fields.ts'
import { Delivery } from '../turns/delivery.ts'
import { TokenUsage, Turn } from '../turns/turn.ts'
import { LaneIdentity } from './lane.ts'
import { NewDefaults, NewInput } from './new.ts'

export const RunInput = z.strictObject({
  text: MessageText.meta({ positional: true, fileFlag: 'input-file' }).describe('The message'),
  name: LaneName.optional()
    .meta({ alias: 'n' })
    .describe('Name of the lane; the first words of the message when absent'),
  presets: NewInput.shape.presets,
  ...NewDefaults.omit({ text: true }).shape,
  keep: z.boolean().optional().describe('Do not archive the lane'),
  timeoutSeconds: Seconds.optional()
    .meta({ flag: 'timeout' })
    .describe('Seconds until the turn is stopped; no limit when absent'),
})

export const RunResult = LaneIdentity.extend({
  delivery: Delivery.nullable().describe('The receipt of the message'),
  turn: Turn.nullable().describe('Its turn, or null where none began'),
  lastMessage: z.string().nullable().describe('The final message of the turn, or null'),
  json: z
    .unknown()
    .describe('The message as JSON where an output schema was asked for and it is JSON; else null'),
  usage: TokenUsage.nullable().describe('Tokens that the thread has used, or null'),
  archived: z.boolean().describe('Whether the lane is archived now'),
  notes: z.array(z.string()).describe('What the caller should know, such as why it was kept'),
  error: ErrorBodySchema.nullable().describe('Why the turn did not complete, or null'),
})

export type RunInput = z.output<typeof RunInput>
export type RunResult = z.output<typeof RunResult>

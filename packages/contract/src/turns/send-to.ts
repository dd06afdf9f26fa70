// send --to: one message for several lanes, each of which takes it or says why not.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { ErrorBodySchema } from '../error-body.ts'
import { Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { TurnSettings } from '../lanes/settings.ts'
import { Delivery } from './delivery.ts'
import { SendInput } from './send.ts'

export const SendToInput = z.strictObject({
  to: z
    .array(Selector)
    .min(1)
    .max(bounds.messageLanes, `must be at most ${bounds.messageLanes} lanes`)
    .describe(
      'A lane that the message goes to, with --queue; one that is named twice gets it once',
    ),
  text: SendInput.shape.text,
  mode: z
    .enum(['queue'], { error: 'must be queue: in each of several lanes a message waits its turn' })
    .describe('queue: a turn of its own when it is its turn'),
  intro: SendInput.shape.intro,
  ...TurnSettings.shape,
  idempotencyKey: SendInput.shape.idempotencyKey,
})

export const SendToResult = z.strictObject({
  lanes: z
    .array(
      z.strictObject({
        to: z.string().describe('The lane as it was named'),
        lane: LaneIdentity.nullable().describe('The lane, or null where none is named so'),
        delivery: Delivery.nullable().describe('The receipt, or null where it was not taken'),
        notes: z
          .array(z.string())
          .describe('What the caller should know: why the message waits there'),
        error: ErrorBodySchema.nullable().describe(
          'Why the lane did not take it, or why it did not arrive; or null',
        ),
      }),
    )
    .describe('What became of it in each lane, in the order in which they were named'),
  error: ErrorBodySchema.nullable().describe(
    'Where a lane has an error: how many do, with the code of the first; or null',
  ),
})

export type SendToInput = z.output<typeof SendToInput>
export type SendToResult = z.output<typeof SendToResult>

// send, wait: give a lane a message; wait until lanes are where one wants them.
import { z } from 'zod'
import { ErrorBodySchema } from '../error-body.ts'
import { IdempotencyKey, MessageText, Seconds, Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { TurnSettings } from '../lanes/settings.ts'
import { Delivery, DeliveryMode } from './delivery.ts'
import { TokenUsage, Turn } from './turn.ts'

export const SendInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  text: MessageText.meta({ positional: true, fileFlag: 'input-file' }).describe('The message'),
  mode: DeliveryMode.optional()
    .meta({ switches: ['steer', 'queue', 'interject', 'context'] })
    .describe(
      'send (when absent): a turn now. steer: into the turn that runs. queue: a turn of its own when it is its turn. interject: interrupt the turn that runs, then a turn. context: the model sees it from the next turn on, and no turn starts',
    ),
  intro: z
    .boolean()
    .optional()
    .describe('Begin the message with who sends it; for calls from inside a lane'),
  ...TurnSettings.shape,
  idempotencyKey: IdempotencyKey,
  wait: z.boolean().optional().describe('Answer when the turn has ended'),
  timeoutSeconds: Seconds.optional()
    .meta({ flag: 'timeout', needs: 'wait' })
    .describe('Seconds that --wait waits at most'),
})

export const SendResult = LaneIdentity.extend({
  delivery: Delivery.describe(
    'The receipt; with wait that of the last try, where the message was tried again by itself',
  ),
  turn: Turn.nullable().describe('The turn of the message, or null before it starts'),
  lastMessage: z.string().nullable().describe('With wait: the final message of the turn'),
  usage: TokenUsage.nullable().describe('With wait: tokens that the thread has used'),
  notes: z.array(z.string()).describe('What the caller should know: why the message waits'),
  error: ErrorBodySchema.nullable().describe(
    'Why the message did not arrive or, with wait, its turn did not complete; or null',
  ),
})

/** What `wait` waits for. */
export const WaitUntil = z.enum(['idle', 'done', 'failed', 'approval', 'any'])

export const WaitInput = z.strictObject({
  lanes: z.array(Selector).min(1).max(1_000).meta({ positional: true }).describe('Lanes'),
  until: WaitUntil.optional().describe(
    'done (default): the turn that runs or is queued now ends. idle: nothing runs. failed: a turn failed. approval: a person is asked. any: one of these',
  ),
  any: z.boolean().optional().describe('One lane is enough'),
  timeoutSeconds: Seconds.optional()
    .meta({ flag: 'timeout' })
    .describe('Seconds to wait at most; no limit when absent'),
})

export const WaitResult = z.strictObject({
  met: z.boolean().describe('Whether what was waited for came'),
  lanes: z
    .array(
      LaneIdentity.extend({
        met: z.boolean().describe('Whether this lane is where it was waited for'),
        outcome: z
          .enum(['completed', 'failed', 'interrupted', 'approval', 'idle', 'running'])
          .describe('Where the lane is'),
        stalled: z.boolean().describe('Whether its turn has been silent for too long'),
        turn: Turn.nullable().describe('Its latest turn, or null'),
        lastMessage: z.string().nullable().describe('The final message of its last completed turn'),
        usage: TokenUsage.nullable().describe('Tokens that the thread has used'),
      }),
    )
    .describe('Where each lane is'),
  error: ErrorBodySchema.nullable().describe('Why the wait did not end well, or null'),
})

export type SendInput = z.output<typeof SendInput>
export type SendResult = z.output<typeof SendResult>
export type WaitUntil = z.output<typeof WaitUntil>
export type WaitInput = z.output<typeof WaitInput>
export type WaitResult = z.output<typeof WaitResult>

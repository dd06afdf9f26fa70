// queue: what waits for its turn, lane by lane.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { MessageText, Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { TurnSettings } from '../lanes/settings.ts'
import { Delivery, HoldReason } from '../turns/delivery.ts'
import { DeliveryId } from './delivery-id.ts'
import { QueueState } from './queue-state.ts'

/** A message that waits, is on its way, or cannot be judged. */
const QueuedMessage = Delivery.extend({
  ref: z.string().describe('Ref of its lane'),
  handle: z.string().describe('Handle of its lane'),
  position: z.number().int().nullable().describe('Its place in the queue from 1 on, or null'),
  preview: z.string().describe('The first 80 characters of the text, on one line'),
  ageSeconds: z.number().int().describe('Seconds since dispatch took it'),
  attempt: z.number().int().describe('How often it was tried again by itself'),
  hold: HoldReason.nullable().describe('Why its lane holds it, or null'),
})

export const QueueListInput = z.strictObject({
  lane: Selector.optional().meta({ positional: true }),
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Messages at most; 200 when absent'),
})

export const QueueListResult = z.strictObject({
  lanes: z
    .array(LaneIdentity.extend({ queue: QueueState.describe('How its queue stands') }))
    .describe('The lanes of the messages, or the one that was asked for'),
  messages: z
    .array(QueuedMessage)
    .describe('What waits, lane by lane in the order of the queue; undecided ones first'),
  total: z.number().int().describe('Messages, shown or not'),
})

export const QueueGetInput = z.strictObject({ message: DeliveryId.meta({ positional: true }) })

export const QueueGetResult = QueuedMessage.extend({
  text: z.string().describe('The whole text'),
  overrides: TurnSettings.describe('Settings for its turn alone'),
})

export const QueueEditInput = z.strictObject({
  message: DeliveryId.meta({ positional: true }),
  text: MessageText.meta({ positional: true, fileFlag: 'input-file' }).describe('The new text'),
})

export const QueueMoveInput = z.strictObject({
  message: DeliveryId.meta({ positional: true }),
  first: z.boolean().optional().describe('To the front'),
  last: z.boolean().optional().describe('To the end'),
  before: DeliveryId.optional().describe('Before that message'),
  after: DeliveryId.optional().describe('Behind that message'),
})

export const QueueCancelInput = z.strictObject({
  target: z
    .string()
    .min(1)
    .max(512)
    .meta({ positional: true })
    .describe('Id of the message that is to go; with --all the lane whose messages are to go'),
  all: z.boolean().optional().describe('All that waits for that lane'),
})

export const QueueCancelResult = z.strictObject({
  cancelled: z.array(Delivery).describe('The messages that wait no more'),
})

export const QueueLaneInput = z.strictObject({ lane: Selector.meta({ positional: true }) })

export const QueueLaneResult = LaneIdentity.extend({
  queue: QueueState.describe('How the queue stands now'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export type QueueListInput = z.output<typeof QueueListInput>
export type QueueListResult = z.output<typeof QueueListResult>
export type QueueGetInput = z.output<typeof QueueGetInput>
export type QueueGetResult = z.output<typeof QueueGetResult>
export type QueueEditInput = z.output<typeof QueueEditInput>
export type QueueMoveInput = z.output<typeof QueueMoveInput>
export type QueueCancelInput = z.output<typeof QueueCancelInput>
export type QueueCancelResult = z.output<typeof QueueCancelResult>
export type QueueLaneInput = z.output<typeof QueueLaneInput>
export type QueueLaneResult = z.output<typeof QueueLaneResult>

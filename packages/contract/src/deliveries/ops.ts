// delivery: what was handed over, and what a person decides where dispatch cannot.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { MessageText, Selector, Timestamp } from '../fields.ts'
import { TurnSettings } from '../lanes/settings.ts'
import { Delivery, DeliveryState } from '../turns/delivery.ts'
import { DeliveryId } from './delivery-id.ts'

const delivery = DeliveryId.meta({ positional: true })

/** A delivery with its lane. */
const DeliveryRecord = Delivery.extend({
  ref: z.string().describe('Ref of its lane'),
  handle: z.string().describe('Handle of its lane'),
})

export const DeliveryGetInput = z.strictObject({ delivery })

export const DeliveryGetResult = DeliveryRecord.extend({
  actor: z.string().describe('Who sent it'),
  overrides: TurnSettings.describe('Settings for its turn alone'),
  submittedAt: Timestamp.nullable().describe('When it was handed to Codex, or null'),
  completedAt: Timestamp.nullable().describe('When it or its turn came to an end, or null'),
  attempt: z.number().int().describe('How often it was tried again by itself'),
  retriedBy: z.string().nullable().describe('The delivery that does it again, or null'),
  textKept: z.boolean().describe('Whether the registry still has the text'),
})

export const DeliveryListInput = z.strictObject({
  lane: Selector.optional(),
  state: DeliveryState.optional().describe('Only those in that state'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Deliveries at most; 50 when absent'),
  cursor: z.string().max(200).optional().describe('Go on after an earlier page: its nextCursor'),
})

export const DeliveryListResult = z.strictObject({
  deliveries: z.array(DeliveryRecord).describe('The deliveries, newest first'),
  nextCursor: z.string().nullable().describe('Cursor of the next page, or null'),
})

export const DeliveryReconcileInput = z.strictObject({
  target: z
    .string()
    .min(1)
    .max(512)
    .meta({ positional: true })
    .describe('A delivery, or a lane with all of its own that are undecided'),
})

export const DeliveryReconcileResult = z.strictObject({
  deliveries: z.array(DeliveryRecord).describe('What was looked at, as it stands now'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export const DeliveryRetryInput = z.strictObject({
  delivery,
  text: MessageText.optional()
    .meta({ fileFlag: 'input-file' })
    .describe('The text; needed where the registry has it no more, as of an accepted one'),
})

export const DeliveryDiscardInput = z.strictObject({ delivery })

export const DeliveryResult = DeliveryRecord.extend({
  notes: z.array(z.string()).describe('What the caller should know'),
})

export type DeliveryGetInput = z.output<typeof DeliveryGetInput>
export type DeliveryGetResult = z.output<typeof DeliveryGetResult>
export type DeliveryListInput = z.output<typeof DeliveryListInput>
export type DeliveryListResult = z.output<typeof DeliveryListResult>
export type DeliveryReconcileInput = z.output<typeof DeliveryReconcileInput>
export type DeliveryReconcileResult = z.output<typeof DeliveryReconcileResult>
export type DeliveryRetryInput = z.output<typeof DeliveryRetryInput>
export type DeliveryDiscardInput = z.output<typeof DeliveryDiscardInput>
export type DeliveryResult = z.output<typeof DeliveryResult>

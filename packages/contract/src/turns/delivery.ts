// A delivery: one message on its way to a lane, with a receipt.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'

/** How far the message is. */
export const DeliveryState = z.enum([
  'queued',
  'submitting',
  'accepted',
  'failed',
  'ambiguous',
  'cancelled',
  'discarded',
])

/** How the message meets the lane. */
export const DeliveryMode = z.enum(['send', 'steer', 'queue', 'interject', 'context'])

/** What became of the turn that the message started. */
export const DeliveryOutcome = z.enum(['running', 'completed', 'failed', 'interrupted'])

/** The receipt of a message; its text is never in it. */
export const Delivery = z.strictObject({
  id: z.string().describe('The receipt id'),
  laneId: z.string().describe('The Codex thread id of the lane'),
  mode: DeliveryMode.describe('How the message meets the lane'),
  state: DeliveryState.describe(
    'accepted: the message is durable in Codex. queued: it waits here for its turn',
  ),
  outcome: DeliveryOutcome.nullable().describe('What became of its turn, or null before one'),
  turnId: z.string().nullable().describe('The turn that it is part of, or null'),
  landed: z
    .enum(['turn', 'steered'])
    .nullable()
    .describe('steered: Codex put it into a turn that was already running'),
  textLength: z.number().int().describe('Characters of the text'),
  createdAt: Timestamp.describe('When dispatch took it'),
  acceptedAt: Timestamp.nullable().describe('When it became durable in Codex, or null'),
  retryOf: z.string().nullable().describe('The delivery that this one does again, or null'),
  nextAttemptAt: Timestamp.nullable().describe(
    'It waits and is not tried before: the turn of the message failed for a reason that time heals; or null',
  ),
  failure: z.string().nullable().describe('Why it failed or cannot be judged, or null'),
})

/** Why a lane holds what waits for it. */
export const HoldReason = z.enum(['person', 'stopped', 'failed', 'undelivered', 'archived'])

export type HoldReason = z.output<typeof HoldReason>
export type Delivery = z.output<typeof Delivery>
export type DeliveryState = z.output<typeof DeliveryState>
export type DeliveryMode = z.output<typeof DeliveryMode>
export type DeliveryOutcome = z.output<typeof DeliveryOutcome>

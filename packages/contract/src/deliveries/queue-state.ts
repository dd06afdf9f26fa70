// How a queue stands, in `queue` and in `get`.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'
import { HoldReason } from '../turns/delivery.ts'

/** How the queue of a lane stands. */
export const QueueState = z.strictObject({
  count: z.number().int().describe('Messages that wait'),
  head: z.string().nullable().describe('The one that is next, or null'),
  held: z.boolean().describe('Whether the lane holds them'),
  hold: HoldReason.nullable().describe(
    'Why: person (queue pause), stopped or failed (its last turn), undelivered (a message failed), archived (it was); or null',
  ),
  holdDetail: z.string().nullable().describe('What failed, in words, or null'),
  nextAttemptAt: Timestamp.nullable().describe('The head is tried again then, or null'),
})

export type QueueState = z.output<typeof QueueState>

// How far the full-text index is: of one lane, and as a whole.
import { z } from 'zod'

/**
 * off: switched off; unavailable: its file cannot be used; behind: something is yet to be indexed, or it was not
 * looked at yet; done: everything that dispatch has seen is.
 */
const IndexStanding = z.enum(['off', 'unavailable', 'behind', 'done'])

const bytesToDo = z.number().int().describe('Bytes of rollout files that are yet to be indexed')

export const LaneIndex = z.strictObject({
  state: IndexStanding.describe('off, unavailable, behind or done'),
  bytesToDo,
})

export const IndexState = z.strictObject({
  state: IndexStanding.describe('off, unavailable, behind or done'),
  items: z.number().int().nullable().describe('Items in it; null before it was first looked at'),
  lanesToDo: z.number().int().describe('Lanes of which something is yet to be indexed'),
  bytesToDo,
  error: z.string().nullable().describe('What is wrong, or null'),
})

export type LaneIndex = z.output<typeof LaneIndex>
export type IndexState = z.output<typeof IndexState>

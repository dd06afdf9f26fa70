// tail: the persisted history of a lane, and its continuation live.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Selector } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { TranscriptItem } from './item.ts'

const limit = z.number().int().min(0).max(bounds.page).optional()

const types = z
  .array(z.string().min(1).max(100))
  .optional()
  .meta({ flag: 'type' })
  .describe('Only items of these types')

export const TailInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  limit: limit.describe('Items at most; 50 when absent'),
  before: z.string().max(2_000).optional().describe('Items before that cursor: an earlier answer'),
  types,
})

export const TailResult = LaneIdentity.extend({
  items: z
    .array(TranscriptItem)
    .describe(
      'The items, oldest first; below the last item of a turn that did not complete its end, which no limit counts and no type asks for',
    ),
  origin: z
    .enum(['codex', 'registry'])
    .describe("codex: Codex's history. registry: what dispatch itself saw, Codex being away"),
  previousCursor: z.string().nullable().describe('Cursor of what is before, or null'),
  notes: z
    .array(z.string())
    .describe('What the caller should know, such as that Codex did not answer'),
})

export const TailFollowInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  limit: limit.describe('Items of the past first, at most; 50 when absent'),
  types,
})

/** One line of `tail --follow`: an item, the end of a turn, or that Codex tries again. */
export const TailEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('item').describe('An item that completed'),
    item: TranscriptItem.describe('The item'),
  }),
  z.strictObject({
    kind: z.literal('turn').describe('The end of a turn'),
    turnId: z.string().describe('The turn'),
    status: z.enum(['completed', 'failed', 'interrupted']).describe('How it ended'),
    message: z.string().nullable().describe('Why it did not complete, or null'),
  }),
  z.strictObject({
    kind: z.literal('retry').describe('Codex has not reached its model and tries again'),
    turnId: z.string().describe('The turn'),
    message: z.string().describe('What Codex says of it'),
  }),
])

export type TailInput = z.output<typeof TailInput>
export type TailResult = z.output<typeof TailResult>
export type TailFollowInput = z.output<typeof TailFollowInput>
export type TailEvent = z.output<typeof TailEvent>

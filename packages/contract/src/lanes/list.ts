// list, get: what lanes there are and everything of one.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Selector } from '../fields.ts'
import { LaneDetail, LaneStatus, LaneSummary } from './lane.ts'

export const ListInput = z.strictObject({
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Lanes at most; 50 when absent'),
  includeArchived: z.boolean().optional().describe('Archived lanes too'),
  status: LaneStatus.optional().describe('Only lanes of that status'),
  cwd: z.string().optional().meta({ path: true }).describe('Only lanes of that directory'),
  order: z
    .enum(['newest', 'attention'])
    .optional()
    .meta({ onTerminal: 'attention' })
    .describe(
      'newest: newest first. attention: first who needs a person (asked, failed, cut off in its turn or holding what waits, stalled, an undecided message), then the busy, then the idle. When absent newest; a cursor keeps its order',
    ),
  cursor: z.string().max(200).optional().describe('Go on after an earlier page: its nextCursor'),
})

export const ListResult = z.strictObject({
  lanes: z.array(LaneSummary).describe('The lanes in their order'),
  nextCursor: z.string().nullable().describe('Cursor of the next page, or null'),
})

export const GetInput = z.strictObject({
  lane: Selector.meta({ positional: true }),
  includeTranscript: z.boolean().optional().describe('The newest items too'),
  maxItems: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Items of the transcript at most; 20 when absent'),
})

export { LaneDetail as GetResult }

export type ListInput = z.output<typeof ListInput>
export type ListResult = z.output<typeof ListResult>
export type GetInput = z.output<typeof GetInput>

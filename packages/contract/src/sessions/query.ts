// query: dispatch's own full-text index of lanes' items; answers while Codex is down.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Selector, Timestamp } from '../fields.ts'
import { LaneIdentity } from '../lanes/lane.ts'
import { IndexState } from './index-state.ts'
import { timeRange } from './time-range.ts'

const word = z.string().min(1).max(200)

export const QueryInput = z.strictObject({
  text: z
    .string()
    .max(10_000)
    .optional()
    .meta({ positional: true })
    .describe(
      'Words, all of which are meant; "in quotes" they stand together, and with a star at its end a word may go on: migr*',
    ),
  lanes: z
    .array(Selector)
    .max(100)
    .optional()
    .meta({ flag: 'lane', selector: true })
    .describe('Only items of these lanes; of all when absent'),
  types: z
    .array(word)
    .max(50)
    .optional()
    .meta({ flag: 'type' })
    .describe('Only items of these types, such as agentMessage or commandExecution'),
  tool: word
    .optional()
    .describe(
      'Only calls of that tool: server.tool or either of both, shell for commands, apply_patch for changes of files',
    ),
  file: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .describe('Only changes of that file: its path, or some names of it that follow each other'),
  status: word.optional().describe('Only items that ended so: completed, failed, declined'),
  errored: z
    .boolean()
    .optional()
    .describe('Only items that failed, such as commands and tool calls'),
  ...timeRange,
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Matches at most; 20 when absent'),
  cursor: z.string().max(1_000).optional().describe('Go on after an earlier page: its nextCursor'),
})

const QueryMatch = LaneIdentity.extend({
  turnId: z.string().describe('The turn; empty where the file does not tell it'),
  itemId: z.string().describe('The item'),
  type: z.string().describe('Its type'),
  tool: z.string().nullable().describe('The tool that was called, or null'),
  itemStatus: z.string().nullable().describe('How the item ended, or null'),
  at: Timestamp.describe('When it happened'),
  snippet: z
    .string()
    .describe('Where the words stand, in one line; control characters are shown by their pictures'),
  marks: z
    .array(z.array(z.number().int()).length(2))
    .describe('Where words stand in the snippet: start and end, in UTF-16 units'),
  score: z.number().describe('How well it fits, among what is as new; 0 without words'),
})

export const QueryResult = z.strictObject({
  matches: z
    .array(QueryMatch)
    .describe(
      'The matches: with words the best of the newest 1000 that match first, then those of the next 1000; without words the newest first',
    ),
  nextCursor: z.string().nullable().describe('Cursor of the next page, or null'),
  index: IndexState.describe('How far the index is'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export type QueryInput = z.output<typeof QueryInput>
export type QueryResult = z.output<typeof QueryResult>

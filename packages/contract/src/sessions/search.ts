// search: Codex's own search over every thread of the machine, with filters of ours.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Selector, Timestamp } from '../fields.ts'
import { ThreadIdentity } from './thread.ts'
import { timeRange } from './time-range.ts'

const DateField = z.enum(['created_at', 'updated_at'])

export const SearchInput = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(1_000)
    .refine((text) => text.trim() !== '', { error: 'must not be blank' })
    .meta({ positional: true })
    .describe('What to look for, in either case'),
  thread: Selector.optional().describe(
    "Only in that thread's history, every match of it: a lane, or a thread id of Codex",
  ),
  managed: z.boolean().optional().describe('Only lanes'),
  unmanaged: z.boolean().optional().describe('Only threads that are no lanes'),
  repo: z
    .string()
    .min(1)
    .optional()
    .meta({ path: true })
    .describe('Only threads that work in the repository that the directory is part of'),
  dir: z
    .string()
    .min(1)
    .optional()
    .meta({ path: true })
    .describe('Only threads that work in that directory or below it'),
  ...timeRange,
  dateField: DateField.optional().describe(
    'Which time since and until mean; updated_at when absent',
  ),
  sort: DateField.optional().describe('Order of the matches; updated_at when absent'),
  ascending: z.boolean().optional().describe('Oldest first'),
  archived: z.boolean().optional().describe('Only archived threads, which are left out otherwise'),
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Matches at most; 20 when absent'),
  maxScan: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('Matches of Codex to put to the filters at most; when absent 200, with filters 2000'),
  cursor: z.string().max(1_000).optional().describe('Go on after an earlier page: its nextCursor'),
})

const SearchMatch = ThreadIdentity.extend({
  name: z.string().nullable().describe('The name of the thread in Codex, or null'),
  preview: z.string().describe('How the thread begins, 80 characters at most'),
  snippet: z.string().describe('Where it was found, 200 characters at most'),
  turnId: z.string().nullable().describe('The turn that it was found in; with thread only'),
  itemId: z.string().nullable().describe('The item that it was found in; with thread only'),
  createdAt: Timestamp.describe('When the thread was made'),
  updatedAt: Timestamp.describe('When something last happened on it'),
})

export const SearchResult = z.strictObject({
  query: z.string().describe('What was looked for'),
  matches: z.array(SearchMatch).describe('The matches'),
  scanned: z.number().int().describe('Matches of Codex that were put to the filters'),
  nextCursor: z
    .string()
    .nullable()
    .describe('Cursor to go on from where the search stopped, or null'),
  experimental: z.literal(true).describe("Codex's search may change with its versions"),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export type SearchInput = z.output<typeof SearchInput>
export type SearchResult = z.output<typeof SearchResult>

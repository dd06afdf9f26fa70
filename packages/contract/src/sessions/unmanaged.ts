// list --unmanaged: the sessions of this machine that are not lanes.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Timestamp } from '../fields.ts'
import { LaneStatus } from '../lanes/lane.ts'

export const ListUnmanagedInput = z.strictObject({
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Lanes at most; 50 when absent'),
  cwd: z.string().optional().meta({ path: true }).describe('Only lanes of that directory'),
  cursor: z.string().max(200).optional().describe('Go on after an earlier page: its nextCursor'),
  includeSubagents: z.boolean().optional().describe('The threads of sub-agents too'),
})

/** A session that is no lane. */
const UnmanagedSession = z.strictObject({
  id: z.string().describe('Thread id of Codex: what attach takes'),
  name: z.string().nullable().describe('Its name in Codex, or null'),
  preview: z.string().describe('How it begins, 80 characters at most'),
  cwd: z.string().describe('The directory that it works in'),
  status: LaneStatus.describe(
    'idle, busy, waiting_approval, error, or unknown when held elsewhere',
  ),
  source: z
    .string()
    .describe('What started it: cli (a terminal), vscode (apps and app-server clients), exec, ...'),
  ephemeral: z.boolean().describe('Whether Codex keeps no history of it'),
  runningElsewhere: z.boolean().describe('Whether another process holds it'),
  model: z.string().nullable().describe('The model that was used last, or null'),
  createdAt: Timestamp.describe('When it was made'),
  updatedAt: Timestamp.describe('When something last happened on it'),
})

export const ListUnmanagedResult = z.strictObject({
  sessions: z.array(UnmanagedSession).describe('The sessions, last updated first'),
  nextCursor: z.string().nullable().describe('Cursor of the next page, or null'),
})

export type ListUnmanagedInput = z.output<typeof ListUnmanagedInput>
export type ListUnmanagedResult = z.output<typeof ListUnmanagedResult>

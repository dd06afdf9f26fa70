// daemon log: the audit trail, one row for each writing op and each decision.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Selector, Timestamp } from '../fields.ts'

/** One row: who did what to which lane, and how it ended. Texts by length and hash only. */
export const AuditRow = z.strictObject({
  id: z.number().int().describe('Number of the row'),
  at: Timestamp.describe('When'),
  op: z.string().describe('The op'),
  actor: z.string().describe('cli, mcp, client, lane, trigger or daemon'),
  laneId: z.string().nullable().describe('Thread id of the lane, or null'),
  ref: z.string().nullable().describe('Ref of the lane, or null'),
  outcome: z
    .string()
    .describe(
      'ok, the code of the error, or how it was broken off: cancelled by the caller, disconnected from it',
    ),
  detail: z.record(z.string(), z.unknown()).describe('Shape of the call: lengths, hashes, ids'),
})

const filters = {
  lane: Selector.optional(),
  op: z.string().max(100).optional().describe('Only that op'),
  outcome: z.string().max(100).optional().describe('Only that outcome'),
}

const limit = z.number().int().min(1).max(bounds.page).optional()

export const AuditInput = z.strictObject({
  limit: limit.describe('Rows at most; 20 when absent'),
  ...filters,
  since: Timestamp.or(z.iso.date()).optional().describe('Only rows since that day or instant'),
})

export const AuditResult = z.strictObject({
  entries: z.array(AuditRow).describe('The rows, oldest first'),
})

export const AuditFollowInput = z.strictObject({
  limit: z
    .number()
    .int()
    .min(0)
    .max(bounds.page)
    .optional()
    .describe('Rows of the past first; 20 when absent'),
  ...filters,
})

export type AuditRow = z.output<typeof AuditRow>
export type AuditInput = z.output<typeof AuditInput>
export type AuditResult = z.output<typeof AuditResult>
export type AuditFollowInput = z.output<typeof AuditFollowInput>

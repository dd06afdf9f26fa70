// doctor: what is well and what is not, with no daemon and no Codex needed.
import { z } from 'zod'
import { ErrorBodySchema } from '../error-body.ts'

/** How a check ended. */
const CheckStatus = z.enum(['ok', 'warn', 'fail', 'skipped'])

/** One thing that was looked at. */
export const Check = z.strictObject({
  name: z.string().describe('What was looked at: path, codex_binary, daemon, registry, ...'),
  status: CheckStatus.describe('warn: works, but look at it; fail: does not work'),
  summary: z.string().describe('What was found, in one sentence'),
  detail: z.string().nullable().describe('More of it, or null'),
  recovery: z.string().nullable().describe('What to do next, or null'),
  data: z.record(z.string(), z.unknown()).describe('What was found, for programs'),
})

export const DoctorInput = z.strictObject({
  appServer: z
    .boolean()
    .optional()
    .meta({ negatable: true })
    .describe('Whether an App Server is started on trial; on when absent'),
  timeoutSeconds: z
    .number()
    .positive()
    .max(600)
    .optional()
    .meta({ flag: 'timeout' })
    .describe('Seconds that the trial App Server may take; 10 when absent'),
  fix: z.boolean().optional().describe('Remove the stale files that are found'),
})

export const DoctorResult = z.strictObject({
  status: z.enum(['ok', 'warn', 'fail']).describe('The worst of the checks'),
  version: z.string().describe('Version of dispatch'),
  checks: z.array(Check).describe('The checks, in order'),
  removed: z.array(z.string()).describe('With --fix: the stale files that were removed'),
  error: ErrorBodySchema.nullable().describe('Set when a check failed, or null'),
})

export type Check = z.output<typeof Check>
export type DoctorInput = z.output<typeof DoctorInput>
export type DoctorResult = z.output<typeof DoctorResult>

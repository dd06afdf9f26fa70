// daemon logs: the process log, read from its files, so that it works with the daemon dead.
import { z } from 'zod'
import { bounds } from '../bounds.ts'
import { Timestamp } from '../fields.ts'

/** Levels of the log, least to most. */
const LogLevel = z.enum(['debug', 'info', 'warn', 'error'])

/** One line of the log. */
export const LogRecord = z.strictObject({
  at: Timestamp.describe('When'),
  level: LogLevel.describe('How grave'),
  message: z.string().describe('What'),
  fields: z.record(z.string(), z.unknown()).describe('The rest'),
})

const level = LogLevel.optional().describe('That level and graver; info when absent')

export const LogsInput = z.strictObject({
  limit: z
    .number()
    .int()
    .min(1)
    .max(bounds.page)
    .optional()
    .describe('Lines at most; 50 when absent'),
  level,
})

export const LogsResult = z.strictObject({
  file: z.string().describe('The file'),
  records: z.array(LogRecord).describe('The lines, oldest first'),
})

export const LogsFollowInput = z.strictObject({
  limit: z
    .number()
    .int()
    .min(0)
    .max(bounds.page)
    .optional()
    .describe('Lines of the past first; 50 when absent'),
  level,
})

export type LogRecord = z.output<typeof LogRecord>
export type LogsInput = z.output<typeof LogsInput>
export type LogsResult = z.output<typeof LogsResult>
export type LogsFollowInput = z.output<typeof LogsFollowInput>

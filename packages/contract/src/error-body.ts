// The error body as a schema, for answers that carry a verdict.
import { z } from 'zod'
import { type ErrorCode, errorCodes } from './errors.ts'

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]

/** An error as plain data: what surfaces print and what an answer with a verdict carries. */
export const ErrorBodySchema = z.strictObject({
  code: z.enum(codes).describe('The code of the taxonomy'),
  message: z.string().describe('What happened'),
  hint: z.string().nullable().describe('The command or change that helps, or null'),
  retryable: z.boolean().describe('Whether the same call may succeed later'),
  details: z.record(z.string(), z.unknown()).nullable().describe('Structured context, or null'),
})

// A turn: one answer of the model to one message, with everything it did on the way.
import { z } from 'zod'
import { Timestamp } from '../fields.ts'

/** How far a turn is. */
export const TurnStatus = z.enum(['started', 'completed', 'failed', 'interrupted'])

/** Why a turn failed, as Codex said it. */
export const TurnError = z.strictObject({
  message: z.string().describe('What Codex said'),
  kind: z.string().describe("Codex's kind of error, `other` where it names none"),
  httpStatus: z.number().int().nullable().describe("The provider's HTTP status, or null"),
})

/** Tokens of a thread or a turn. */
export const TokenUsage = z.strictObject({
  totalTokens: z.number().int().describe('All tokens'),
  inputTokens: z.number().int().describe('Tokens of the input'),
  cachedInputTokens: z.number().int().describe('Of the input, from the cache'),
  outputTokens: z.number().int().describe('Tokens of the output'),
  reasoningOutputTokens: z.number().int().describe('Of the output, for reasoning'),
  contextWindow: z.number().int().nullable().describe("The model's context window, or null"),
})

/** A turn as every surface shows it. */
export const Turn = z.strictObject({
  id: z.string().describe("Codex's id of the turn"),
  status: TurnStatus.describe('started, completed, failed or interrupted'),
  startedAt: Timestamp.nullable().describe('When it started'),
  completedAt: Timestamp.nullable().describe('When it ended, or null'),
  durationMs: z.number().int().nullable().describe('How long it took, in milliseconds'),
  error: TurnError.nullable().describe('Why it failed, or null'),
  errorAt: Timestamp.nullable().describe('When it failed, or null'),
  reason: z
    .string()
    .nullable()
    .describe('Why it was interrupted where nobody stopped it: `app-server lost`; else null'),
})

export type Turn = z.output<typeof Turn>
export type TurnError = z.output<typeof TurnError>
export type TurnStatus = z.output<typeof TurnStatus>
export type TokenUsage = z.output<typeof TokenUsage>

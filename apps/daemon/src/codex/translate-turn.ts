// Codex's turns, errors and token counts in our words. Only the fields that we act on are checked.
import type { TokenUsage, TurnError } from '@dispatch/contract'
import { z } from 'zod'
import type { RetryFact, TurnFact } from './fact.ts'

const ErrorInfo = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .nullish()
  .catch(null)

const RawError = z.looseObject({
  message: z.string(),
  codexErrorInfo: ErrorInfo,
  additionalDetails: z.string().nullish().catch(null),
})

/** Characters of each text of a retry notice: it comes again and again, for as long as the model is away. */
const RETRY_TEXT_MAX = 500

const RawTurn = z.looseObject({
  id: z.string(),
  status: z.enum(['completed', 'interrupted', 'failed', 'inProgress']),
  // Whatever is odd about the rest, the end of a turn must not be missed.
  error: z.unknown().optional(),
  // Seconds, fractional on some servers.
  startedAt: z.number().nullish().catch(null),
  completedAt: z.number().nullish().catch(null),
  durationMs: z.number().nullish().catch(null),
})

const Tokens = z.looseObject({
  totalTokens: z.number(),
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningOutputTokens: z.number(),
})

const RawUsage = z.looseObject({ total: Tokens, modelContextWindow: z.number().nullish() })

const httpStatusOf = (info: Record<string, unknown>): number | null => {
  for (const value of Object.values(info)) {
    if (typeof value !== 'object' || value === null) continue
    const status = (value as { httpStatusCode?: unknown }).httpStatusCode
    if (typeof status === 'number') return status
  }
  return null
}

/** An error in our words: `kind` is Codex's own name of it. */
const errorToFact = (raw: unknown): TurnError | null => {
  const parsed = RawError.safeParse(raw)
  if (!parsed.success) return null
  const { message, codexErrorInfo: info } = parsed.data
  if (typeof info === 'string') return { message, kind: info, httpStatus: null }
  if (!info) return { message, kind: 'other', httpStatus: null }
  return { message, kind: Object.keys(info)[0] ?? 'other', httpStatus: httpStatusOf(info) }
}

/** Another try in our words; null where what failed is not tried again. */
export const errorToRetry = (params: {
  turnId: string | null
  error?: unknown
  willRetry?: unknown
}): RetryFact | null => {
  const parsed = RawError.safeParse(params.error)
  const error = errorToFact(params.error)
  if (params.willRetry !== true || params.turnId === null || !parsed.success || !error) return null
  return {
    turnId: params.turnId,
    message: error.message.slice(0, RETRY_TEXT_MAX),
    details: parsed.data.additionalDetails?.slice(0, RETRY_TEXT_MAX) ?? null,
    errorKind: error.kind,
    httpStatus: error.httpStatus,
  }
}

const seconds = (value: number | null | undefined): number | null =>
  value == null ? null : Math.round(value * 1000)

const statuses = {
  completed: 'completed',
  interrupted: 'interrupted',
  failed: 'failed',
  inProgress: 'started',
} as const

/** A turn in our words, or null for what is no turn. */
export const turnToFact = (raw: unknown): TurnFact | null => {
  const parsed = RawTurn.safeParse(raw)
  if (!parsed.success) return null
  const turn = parsed.data
  return {
    id: turn.id,
    status: statuses[turn.status],
    startedAt: seconds(turn.startedAt),
    completedAt: seconds(turn.completedAt),
    durationMs: turn.durationMs ?? null,
    error: errorToFact(turn.error),
  }
}

/** Token counts in our words. */
export const usageToFact = (raw: unknown): TokenUsage | null => {
  const parsed = RawUsage.safeParse(raw)
  if (!parsed.success) return null
  const { total, modelContextWindow } = parsed.data
  return {
    totalTokens: total.totalTokens,
    inputTokens: total.inputTokens,
    cachedInputTokens: total.cachedInputTokens,
    outputTokens: total.outputTokens,
    reasoningOutputTokens: total.reasoningOutputTokens,
    contextWindow: modelContextWindow ?? null,
  }
}

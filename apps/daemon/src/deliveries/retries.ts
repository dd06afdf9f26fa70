// Which failures of a turn time heals, and the message said again after one; and the message that waits
// again because it never arrived: pure.
// Codex has tried by itself before it gives a turn up, so what is waited here comes on top.
import type { DeliveryMode, TurnError } from '@dispatch/contract'
import type { DeliveryHead, DeliveryPatch, DeliveryRow } from '@dispatch/store'
import { causeToId } from './derived-id.ts'

/** How often, and how far apart at most. */
export type RetryLimits = {
  attempts: number
  cap_seconds: number
  /** Where in its span a wait ends, by chance: 0 to 1. */
  spread: number
}

const healing: ReadonlySet<string> = new Set([
  'rateLimitExceeded',
  'serverOverloaded',
  'usageLimitExceeded',
  'responseStreamConnectionFailed',
  'responseStreamDisconnected',
])

// These carry the provider's answer: what is wrong with the request stays wrong.
const byStatus: ReadonlySet<string> = new Set([
  'httpConnectionFailed',
  'responseTooManyFailedAttempts',
])

const isPassing = (status: number | null): boolean =>
  status === null || status === 408 || status === 429 || (status >= 502 && status <= 504)

/** Whether a turn that failed so may go well later. */
export const isHealing = (error: TurnError | null): boolean => {
  if (error === null) return false
  if (healing.has(error.kind)) return true
  if (byStatus.has(error.kind)) return isPassing(error.httpStatus)
  // Codex has no kind for a stream that was cut.
  return error.kind === 'other' && error.message.startsWith('stream disconnected')
}

const FIRST_MS = 1_000

/** What is left of the cap at least where a wait has come to it. */
const LEAST = 0.75

/**
 * Milliseconds before attempt number `attempt`, from 1 on: a second, doubled each time, up to twice as
 * long by chance, so that lanes which failed together do not come back together; up to the cap.
 */
const retryDelayMs = (attempt: number, limits: RetryLimits): number => {
  const cap = limits.cap_seconds * 1_000
  const full = FIRST_MS * 2 ** Math.min(attempt - 1, 40)
  const least = Math.min(full, cap * LEAST)
  const most = Math.min(full * 2, cap)
  return Math.round(least + (most - least) * limits.spread)
}

/** The delivery that does that one again, not yet stored; null where it has been tried often enough. */
export const rowToRetry = (
  row: DeliveryRow,
  limits: RetryLimits,
  at: number,
): DeliveryRow | null => {
  const attempt = row.attempt + 1
  if (row.mode !== 'queue' || row.landed === 'steered' || attempt > limits.attempts) return null
  return {
    ...row,
    id: causeToId(`${row.id}/${row.attempt}`, at),
    state: 'queued',
    outcome: null,
    turnId: null,
    landed: null,
    createdAt: at,
    submittedAt: null,
    acceptedAt: null,
    completedAt: null,
    failure: null,
    server: null,
    rolloutBytes: null,
    retryOf: row.id,
    attempt,
    notBefore: at + retryDelayMs(attempt, limits),
  }
}

// Nobody stands at a trigger who could send its message again, and its time does not come back.
const modeToWait = ({ mode, actor }: Pick<DeliveryHead, 'mode' | 'actor'>): DeliveryMode | null => {
  if (mode === 'queue') return 'queue'
  if (actor !== 'trigger') return null
  if (mode === 'context') return 'context'
  return mode === 'send' ? 'queue' : null
}

/** What makes a message of a queue or of a trigger wait again that Codex surely never had; null where it left often enough. */
export const rowToWaiting = (
  row: DeliveryHead,
  limits: RetryLimits,
  at: number,
): (DeliveryPatch & { mode: DeliveryMode }) | null => {
  const attempt = row.attempt + 1
  const mode = modeToWait(row)
  // That of an App Server which it ends would never come to an end.
  if (mode === null || attempt > limits.attempts) return null
  return {
    mode,
    attempt,
    notBefore: at + retryDelayMs(attempt, limits),
    turnId: null,
    landed: null,
    submittedAt: null,
    server: null,
    rolloutBytes: null,
  }
}

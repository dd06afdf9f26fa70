// How what a row tells of may have ended: the only list.
import { type ErrorCode, errorCodes, RequestDecision } from '@dispatch/contract'

const own = [
  'ok',
  /** Broken off by the caller, or with its connection. */
  'cancelled',
  'disconnected',
  /** A request of Codex that is not taken, or that nobody answered in time. */
  'refused',
  'expired',
] as const

/** How it ended: by a word of the trail's own, the decision on a request, or the code of an error. */
export type AuditOutcome = (typeof own)[number] | RequestDecision | ErrorCode

/** Every outcome that a row can have. */
export const auditOutcomes: readonly AuditOutcome[] = [
  ...own,
  ...RequestDecision.options,
  ...(Object.keys(errorCodes) as ErrorCode[]),
]

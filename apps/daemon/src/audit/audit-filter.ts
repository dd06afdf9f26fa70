// The filters of the audit trail: what no row can have is a slip of the typist, and is named with what
// is near. Whatever a row has is known, such as a method of Codex that nobody expected.
import {
  appRouter,
  type AuditFollowInput,
  type AuditInput,
  describeRouter,
  DispatchError,
  errorCodes,
  RequestDecision,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { nearestOf } from '../config/nearest.ts'

/** Which rows are wanted; null for all. */
export type AuditFilter = { threadId: string | null; op: string | null; outcome: string | null }

const outcomes = [
  'ok',
  'cancelled',
  'disconnected',
  'refused',
  'expired',
  ...RequestDecision.options,
  ...Object.keys(errorCodes),
]

const writingOps = (): string[] => [
  ...describeRouter(appRouter)
    .ops.filter(({ meta }) => meta.intent !== 'read' && meta.runs !== 'local' && !meta.hidden)
    .map(({ path }) => path),
  // What policy and time limits answer.
  'request.answer',
]

const unknown = (
  flag: string,
  { word, known, what }: { word: string; known: readonly string[]; what: string },
) => {
  const nearest = nearestOf(word, known)
  return new DispatchError('validation', `No row of the audit trail has the ${what} "${word}".`, {
    hint: nearest === null ? 'dispatch daemon log' : `dispatch daemon log ${flag} ${nearest}`,
    details: { [what]: word, known: [...known], nearest },
  })
}

/** Reads the filters of an input; throws `validation` for an op or an outcome that there is not. */
export const inputToAuditFilter = (
  { lane, op, outcome }: AuditInput | AuditFollowInput,
  { store, resolve }: { store: Store; resolve: (selector: string) => LaneRow },
): AuditFilter => {
  const isNew = (row: { op?: string; outcome?: string }): boolean =>
    store.audit.list({ ...row, limit: 1 }).length === 0
  if (op !== undefined && isNew({ op })) {
    const known = writingOps()
    if (!known.includes(op)) throw unknown('--op', { word: op, known, what: 'op' })
  }
  if (outcome !== undefined && !outcomes.includes(outcome) && isNew({ outcome })) {
    throw unknown('--outcome', { word: outcome, known: outcomes, what: 'outcome' })
  }
  return {
    threadId: lane === undefined ? null : resolve(lane).threadId,
    op: op ?? null,
    outcome: outcome ?? null,
  }
}

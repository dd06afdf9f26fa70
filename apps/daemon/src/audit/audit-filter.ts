// The filters of the audit trail: what no row can have is a slip of the typist, and is named with what
// is near. Whatever a row has is known, such as a method of Codex that nobody expected.
import {
  appRouter,
  type AuditFollowInput,
  type AuditInput,
  describeRouter,
  DispatchError,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { nearestOf } from '../config/nearest.ts'
import { auditOutcomes } from './outcome.ts'

/** Which rows are wanted; null for all. */
export type AuditFilter = { threadId: string | null; op: string | null; outcome: string | null }

// Each op that may be asked for, and under which name it is written: `send --to` leaves rows of `send`.
const readWrittenOps = (): Map<string, string> =>
  new Map([
    ...describeRouter(appRouter)
      .ops.filter(({ meta }) => meta.intent !== 'read' && meta.runs !== 'local' && !meta.hidden)
      .map(({ path, meta }) => [path, meta.variantOf?.op ?? path] as const),
    // What policy and time limits answer.
    ['request.answer', 'request.answer'],
  ])

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

/** What reads the filters of an input; it throws `validation` for an op or an outcome that there is not. */
export const makeAuditFilters = ({
  store,
  resolve,
}: {
  store: Store
  resolve: (selector: string) => LaneRow
}): ((input: AuditInput | AuditFollowInput) => AuditFilter) => {
  const isNew = (row: { op?: string; outcome?: string }): boolean =>
    store.audit.list({ ...row, limit: 1 }).length === 0

  // To walk the contract takes some tens of ms: with the first filter, and once.
  let ops: Map<string, string> | undefined
  const writtenOf = (op: string): string => {
    ops ??= readWrittenOps()
    const written = ops.get(op)
    if (written !== undefined) return written
    // A look through the trail comes last: it takes as long as the trail is.
    if (isNew({ op })) throw unknown('--op', { word: op, known: [...ops.keys()], what: 'op' })
    return op
  }

  const requireOutcome = (outcome: string): string => {
    if (auditOutcomes.some((one) => one === outcome) || !isNew({ outcome })) return outcome
    throw unknown('--outcome', { word: outcome, known: auditOutcomes, what: 'outcome' })
  }

  return ({ lane, op, outcome }) => ({
    op: op === undefined ? null : writtenOf(op),
    outcome: outcome === undefined ? null : requireOutcome(outcome),
    threadId: lane === undefined ? null : resolve(lane).threadId,
  })
}

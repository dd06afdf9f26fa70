// Requests as every surface shows them.
import { type Request, DispatchError } from '@dispatch/contract'
import type { RequestRow, Store } from '@dispatch/store'
import { msToIso } from '../clock/instant.ts'

/** A request as it is shown. */
export const rowToRequest = (store: Pick<Store, 'lanes'>, row: RequestRow): Request => {
  const lane = row.laneId === null ? null : store.lanes.get(row.laneId)
  return {
    id: row.id,
    lane: lane && { ref: lane.ref, id: lane.threadId, handle: lane.handle },
    threadId: row.threadId,
    turnId: row.turnId,
    itemId: row.itemId,
    state: row.state,
    decision: row.decision,
    answeredBy: row.answeredBy,
    policyRule: row.policyRule,
    ...row.ask,
    createdAt: msToIso(row.createdAt),
    expiresAt: msToIso(row.expiresAt),
    closedAt: msToIso(row.closedAt),
  }
}

const endings: Record<RequestRow['state'], string> = {
  pending: 'is being answered',
  answered: 'was answered',
  expired: 'ran out of time',
  elsewhere: 'was settled by another program',
  withdrawn: 'was withdrawn: its turn ended',
  lost: 'was lost with its App Server',
}

/** Why a request takes no answer: who said what to it, and when. */
export const rowToConflict = (row: RequestRow): DispatchError => {
  const { id, state, decision, answeredBy, closedAt } = row
  const said = decision === null ? '' : `: ${decision}`
  const by = answeredBy === null ? '' : ` by ${answeredBy}`
  const at = closedAt === null ? '' : ` at ${msToIso(closedAt)}`
  return new DispatchError('conflict', `Request ${id} ${endings[state]}${said}${by}${at}.`, {
    hint: `dispatch request get ${id}`,
    details: { request: id, state, decision, answeredBy, closedAt: msToIso(closedAt) },
  })
}

const CANDIDATES_MAX = 10

/** The request of an id or of a unique beginning; one that is pending comes first. */
export const requestOf = (store: Pick<Store, 'requests'>, given: string): RequestRow => {
  const id = given.toLowerCase()
  const found = store.requests.byIdPrefix(id, CANDIDATES_MAX + 1)
  const pending = found.filter(({ state }) => state === 'pending')
  const exact = found.find((row) => row.id === id)
  const [row, ...others] = exact ? [exact] : pending.length === 1 ? pending : found
  if (row === undefined) {
    throw new DispatchError('not_found', `No request ${given}.`, {
      hint: 'dispatch request list --state all',
    })
  }
  if (others.length === 0) return row
  throw new DispatchError('validation', `Several requests begin with ${given}.`, {
    hint: 'Give more of the id.',
    details: {
      candidates: found.slice(0, CANDIDATES_MAX).map((one) => ({
        id: one.id,
        state: one.state,
        summary: one.ask.summary,
      })),
    },
  })
}

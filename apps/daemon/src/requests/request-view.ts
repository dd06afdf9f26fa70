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

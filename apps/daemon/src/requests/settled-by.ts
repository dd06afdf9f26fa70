// Which requests a fact settles: Codex waits for no answer to them any more. Pure.
import type { RequestRow } from '@dispatch/store'
import type { Fact } from '../codex/fact.ts'

type Place = Pick<RequestRow, 'laneId' | 'threadId' | 'turnId' | 'itemId' | 'rpcId'>

/** Whether the end of a turn, or Codex's own word, settles a request. */
export const isSettledBy = (request: Place, fact: Fact): boolean => {
  // With a lane what its sub-agents ask is put away, too.
  if (fact.kind === 'archived' && request.laneId === fact.threadId) return true
  if (request.threadId !== fact.threadId) return false
  if (fact.kind === 'request-resolved') return fact.rpcId === request.rpcId
  // Nothing waits in a thread that is loaded no more.
  if (fact.kind === 'unloaded' || fact.kind === 'archived') return true
  if (fact.kind !== 'turn-ended') return false
  // The older protocol names items and no turns; what an MCP server asks by itself has neither. Turn ids
  // ascend and one turn of a thread runs at a time, so the end of one settles what is older.
  return request.turnId === null ? request.itemId !== null : request.turnId <= fact.turn.id
}

// A request of Codex as the registry keeps it: what was asked and what became of it. What a person
// answered to a question is in no row.
import type { RequestAsk, RequestDecision, RequestState } from '@dispatch/contract'
import type { ServerInstance } from '../turns/delivery-row.ts'

/** One row of `requests`; times in epoch ms. */
export type RequestRow = {
  /** A UUIDv7. */
  id: string
  /** The lane that the asking thread belongs to; null where it belongs to none. */
  laneId: string | null
  /** The thread that asks. */
  threadId: string
  turnId: string | null
  itemId: string | null
  /** The request's id in the protocol, as JSON; unique within one server only. */
  rpcId: string
  /** The app-server that asked; null where it is not known. */
  server: ServerInstance | null
  ask: RequestAsk
  state: RequestState
  decision: RequestDecision | null
  answeredBy: string | null
  policyRule: string | null
  createdAt: number
  expiresAt: number | null
  closedAt: number | null
}

/** What may change of a request. */
export type RequestPatch = Partial<
  Pick<
    RequestRow,
    'state' | 'decision' | 'answeredBy' | 'policyRule' | 'expiresAt' | 'closedAt' | 'ask'
  >
>

/** What `list` may ask for. */
export type RequestListQuery = {
  limit: number
  /** The id of the last request of the page before. */
  cursor?: string | null
  laneId?: string | null
  state?: RequestState | null
}

/** A page of requests, newest first. */
export type RequestPage = { requests: RequestRow[]; nextCursor: string | null }

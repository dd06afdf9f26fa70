// The rows of requests and what may become of them, each change with its event and the lane's status in
// one commit that is on disk before anybody is told:
//
//   pending -> answered    a person or the policy said something, once
//           -> expired     its time ran out
//           -> elsewhere   another client of the App Server answered it
//           -> withdrawn   its turn ended without it
//           -> lost        the App Server that asked is gone
//   any     -> pending     Codex asks the same again, so that it was none of these
import type { EventType, RequestDecision, RequestState } from '@dispatch/contract'
import type { RequestRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventLog, EventTx } from '../events/event-log.ts'
import type { FollowRequests } from './waiting-status.ts'
import { msToIso } from '../clock/instant.ts'

/** What ends a request. */
export type Ending = {
  state: Exclude<RequestState, 'pending'>
  decision: RequestDecision | null
  by: string | null
  rule?: string | null
}

/** Writes requests. */
export type RequestBook = {
  /** Records what is asked; with an ending what was said to it at once. */
  open(row: RequestRow, ending: Ending | null): void
  /** Ends a pending request; false where it was pending no more. */
  close(id: string, ending: Ending): boolean
  /** The same in the caller's commit. */
  closeIn(tx: EventTx, id: string, ending: Ending): boolean
  /** Codex asks the same again. */
  reopen(row: RequestRow): void
  /** Gives a request another time to run out. */
  postpone(id: string, expiresAt: number | null): void
}

type BookOptions = {
  store: Store
  clock: Clock
  events: EventLog
  follow: FollowRequests
  touched: (threadIds: readonly string[]) => void
}

const eventOf: Record<Ending['state'], EventType> = {
  answered: 'request.answered',
  expired: 'request.expired',
  elsewhere: 'request.closed',
  withdrawn: 'request.closed',
  lost: 'request.closed',
}

/** Makes the book. */
export const makeRequestBook = (options: BookOptions): RequestBook => {
  const { store, clock, events, follow } = options

  const append = (tx: EventTx, row: RequestRow, event: [EventType, object]): void => {
    const [type, data] = event
    const { id, laneId, threadId, turnId, itemId, ask } = row
    const about = { requestId: id, kind: ask.kind, threadId, turnId, itemId }
    tx.append({ threadId: laneId, type, data: { ...about, ...data } })
  }

  const opened = (tx: EventTx, row: RequestRow): void =>
    append(tx, row, [
      'request.opened',
      {
        method: row.ask.method,
        offered: row.ask.offered,
        expiresAt: msToIso(row.expiresAt),
      },
    ])

  const closeIn = (tx: EventTx, id: string, ending: Ending): boolean => {
    const row = store.requests.get(id)
    if (row?.state !== 'pending') return false
    const { state, decision, by, rule = null } = ending
    store.requests.update(id, {
      state,
      decision,
      answeredBy: by,
      policyRule: rule,
      closedAt: clock.now(),
    })
    const said = { state, decision, by, ...(rule === null ? {} : { rule }) }
    append(tx, row, [eventOf[state], said])
    follow(tx, row.laneId)
    return true
  }

  const commit = <T>(row: RequestRow, write: (tx: EventTx) => T): T => {
    const result = events.commit(write, { durable: true })
    options.touched(row.laneId === null ? [row.threadId] : [row.laneId, row.threadId])
    return result
  }

  return {
    closeIn,
    open: (row, ending) =>
      commit(row, (tx) => {
        store.requests.insert(row)
        opened(tx, row)
        if (ending === null) follow(tx, row.laneId)
        else closeIn(tx, row.id, ending)
      }),
    close: (id, ending) => {
      const row = store.requests.get(id)
      return row?.state === 'pending' && commit(row, (tx) => closeIn(tx, id, ending))
    },
    reopen: (row) =>
      commit(row, (tx) => {
        store.requests.update(row.id, {
          state: 'pending',
          decision: null,
          answeredBy: null,
          policyRule: null,
          closedAt: null,
        })
        opened(tx, row)
        follow(tx, row.laneId)
      }),
    postpone: (id, expiresAt) =>
      void events.commit(() => store.requests.update(id, { expiresAt }), { durable: true }),
  }
}

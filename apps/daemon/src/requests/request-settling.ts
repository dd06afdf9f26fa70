// Ends requests that Codex waits for no more: another client answered, their turn ended, the App Server
// that asked is gone. After a join, what was asked by a sub-agent is asked for again.
import type { CodexClient } from '@dispatch/codex-client'
import type { RequestRow, ServerInstance, Store } from '@dispatch/store'
import { isRefusal } from '../codex/codex-failure.ts'
import type { Fact } from '../codex/fact.ts'
import { statusToStanding } from '../codex/translate-thread.ts'
import type { EventTx } from '../events/event-log.ts'
import type { Log } from '../log/log.ts'
import type { LiveRequests } from './live-requests.ts'
import type { Ending, RequestBook } from './request-book.ts'
import { isSettledBy } from './settled-by.ts'

/** Ends requests. */
export type RequestSettling = {
  /** What a fact means for requests, in its commit; the lane that they are of, or null. */
  onFact(tx: EventTx, fact: Fact): string | null
  /** The App Server was joined. `fresh`: it is a new one, which has asked nothing yet. */
  joined(event: { client: CodexClient; fresh: boolean }): void
  /** The connection is gone; `dead`: so is the App Server. */
  lost(event: { dead: boolean }): void
  /** A thread was loaded; `asking`: Codex waits for an answer in it, and asks again by itself. */
  loaded(threadId: string, asking: boolean): void
}

type SettlingOptions = {
  store: Store
  log: Log
  book: RequestBook
  live: LiveRequests
  server: () => ServerInstance | null
  changed: () => void
}

/** The facts that may end a request: the others are far more, and are not looked at. */
const settling = new Set<Fact['kind']>(['turn-ended', 'request-resolved', 'unloaded', 'archived'])

const nobody = { decision: null, by: null }
const lost: Ending = { state: 'lost', ...nobody }
const elsewhere: Ending = { state: 'elsewhere', ...nobody }
const withdrawn: Ending = { state: 'withdrawn', ...nobody }

const isOfSubAgent = ({ laneId, threadId }: RequestRow): boolean =>
  laneId !== null && laneId !== threadId

/** Makes the settling. */
export const makeRequestSettling = (options: SettlingOptions): RequestSettling => {
  const { store, log, book, live, changed } = options

  const close = (rows: readonly RequestRow[], ending: Ending): void => {
    for (const { id } of rows) book.close(id, ending)
    if (rows.length > 0) changed()
  }

  // An ephemeral lane is lost with the connection, and put away.
  const isPutAway = ({ laneId }: RequestRow): boolean =>
    laneId !== null && (store.lanes.get(laneId)?.archivedAt ?? null) !== null

  const isGone = ({ server }: RequestRow): boolean => {
    const now = options.server()
    return server !== null && (server.pid !== now?.pid || server.startedAt !== now.startedAt)
  }

  const loaded = (threadId: string, asking: boolean): void => {
    if (asking || store.requests.countPending() === 0) return
    const left = store.requests
      .pending()
      .filter((row) => row.threadId === threadId && !live.isLive(row.id))
    close(left, elsewhere)
  }

  const askAgain = async (client: CodexClient, threadId: string): Promise<void> => {
    try {
      const { thread } = await client.request('thread/resume', { threadId, excludeTurns: true })
      loaded(threadId, statusToStanding(thread.status) === 'waiting_approval')
    } catch (error) {
      log.warn('request.thread-not-joined', { thread: threadId, error: String(error) })
      if (!isRefusal(error)) return
      close(
        store.requests.pending().filter((row) => row.threadId === threadId),
        withdrawn,
      )
    }
  }

  return {
    loaded,
    onFact: (tx, fact) => {
      if (!settling.has(fact.kind)) return null
      if (store.requests.countPending() === 0) return null
      const settled = store.requests.pending().filter((row) => isSettledBy(row, fact))
      const isResolved = fact.kind === 'request-resolved'
      for (const { id } of settled) {
        book.closeIn(tx, id, isResolved ? elsewhere : withdrawn)
        // Codex itself waits no more; whoever else speaks its protocol may.
        if (!isResolved) live.reply(id, { decision: 'deny' })
      }
      return settled[0]?.laneId ?? null
    },
    joined: ({ client, fresh }) => {
      const pending = store.requests.pending()
      const gone = pending.filter((row) => fresh || isGone(row) || isPutAway(row))
      close(gone, lost)
      const askers = pending.filter((row) => !gone.includes(row) && isOfSubAgent(row))
      for (const threadId of new Set(askers.map((row) => row.threadId))) {
        void askAgain(client, threadId)
      }
    },
    lost: ({ dead }) => {
      if (dead) close(store.requests.pending(), lost)
    },
  }
}

// Ends requests whose time has run out: what would change something is declined, what wants words is
// cancelled. Not where another client may be looking at the same request: that person has the time.
// Times are stored with the rows, so that they outlive this daemon.
import type { RequestDecision } from '@dispatch/contract'
import type { RequestRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import type { Log } from '../log/log.ts'
import type { LiveRequests } from './live-requests.ts'
import type { RequestBook } from './request-book.ts'

/** Watches the times of requests. */
export type RequestExpiry = Disposable & {
  /** Requests came or went. */
  changed(): void
}

type ExpiryOptions = {
  store: Store
  clock: Clock
  log: Log
  audit: Audit
  book: RequestBook
  live: LiveRequests
  /** Whether another client may have joined the App Server. */
  mayBeShared: () => boolean
  /** The time limit for requests of that lane as it is now, or null. */
  timeoutMsOf: (laneId: string) => number | null
}

const decisionOf = ({ ask: { kind } }: RequestRow): RequestDecision =>
  kind === 'question' || kind === 'elicitation' ? 'cancel' : 'deny'

/** Makes the watch. */
export const makeRequestExpiry = (options: ExpiryOptions): RequestExpiry => {
  const { store, clock, log, audit, book, live } = options
  let timer: Disposable | null = null

  const expire = (row: RequestRow): void => {
    const decision = decisionOf(row)
    if (!book.close(row.id, { state: 'expired', decision, by: 'timeout' })) return
    live.reply(row.id, { decision })
    const lane = row.laneId === null ? null : store.lanes.get(row.laneId)
    audit.record({
      op: 'request.answer',
      actor: 'daemon',
      lane,
      outcome: 'expired',
      detail: { request: row.id, kind: row.ask.kind, decision, by: 'timeout' },
    })
  }

  const postpone = ({ id, laneId }: RequestRow): void => {
    const timeoutMs = laneId === null ? null : options.timeoutMsOf(laneId)
    book.postpone(id, timeoutMs === null ? null : clock.now() + timeoutMs)
    log.info('request.postponed', { request: id })
  }

  const isWatched = (row: RequestRow): row is RequestRow & { expiresAt: number } =>
    row.expiresAt !== null && live.isLive(row.id)

  const watched = () => store.requests.pending().filter(isWatched)

  const look = (): void => {
    const due = watched().filter(({ expiresAt }) => expiresAt <= clock.now())
    const isShared = due.length > 0 && options.mayBeShared()
    for (const row of due) (isShared ? postpone : expire)(row)
    arm()
  }

  const arm = (): void => {
    timer?.[Symbol.dispose]()
    timer = null
    const [first] = watched().toSorted((a, b) => a.expiresAt - b.expiresAt)
    if (first) timer = clock.at(Math.max(0, first.expiresAt - clock.now()), look)
  }

  return {
    changed: arm,
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
    },
  }
}

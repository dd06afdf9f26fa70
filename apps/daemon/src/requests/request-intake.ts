// Takes in what Codex asks: recorded, and told to a person, or answered by the policy. What it asks
// again, as it does of who joins it, is found by the server, the thread and the ids it had.
import type { RequestRow, ServerInstance, LaneRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import type { Asked, Refused } from '../codex/asked.ts'
import type { Log } from '../log/log.ts'
import type { RequestPolicy, Verdict } from './decide.ts'
import { decideRequest } from './decide.ts'
import type { LiveRequests } from './live-requests.ts'
import { placesOf } from './places.ts'
import type { RequestBook } from './request-book.ts'

/** The way in for requests. Neither of them throws. */
export type RequestIntake = { asked(asked: Asked): void; refused(refused: Refused): void }

type IntakeOptions = {
  store: Store
  clock: Clock
  log: Log
  audit: Audit
  book: RequestBook
  live: LiveRequests
  newId: () => string
  homedir: string
  server: () => ServerInstance | null
  /** The policy for a lane as it is now. */
  policyOf: (lane: LaneRow) => RequestPolicy
  /** The lane that a sub-agent's thread belongs to. */
  ownerOf: (threadId: string) => Promise<LaneRow | null>
  /** Writes what Codex said before it asked. */
  drain: () => void
  /** Requests came. */
  changed: () => void
  /** Whoever waits for a lane looks again. */
  touched: (threadIds: readonly string[]) => void
}

const RETRY_MS = 1_000
const NAME_MAX = 100
/** Rows under one id of the protocol that are looked at: ids begin anew with each server. */
const CANDIDATES = 5

const isSameServer = (one: ServerInstance | null, other: ServerInstance | null): boolean =>
  one?.pid === other?.pid && one?.startedAt === other?.startedAt

/** Makes the way in. */
export const makeRequestIntake = (options: IntakeOptions): RequestIntake => {
  const { store, clock, log, audit, book, live } = options

  const knownOf = ({ threadId, rpcId, turnId, itemId, ask }: Asked): RequestRow | undefined => {
    const server = options.server()
    return store.requests
      .ofThread(threadId, rpcId, CANDIDATES)
      .find(
        (row) =>
          isSameServer(row.server, server) &&
          row.turnId === turnId &&
          row.itemId === itemId &&
          row.ask.method === ask.method,
      )
  }

  const verdictOf = (asked: Asked, lane: LaneRow | null): Verdict =>
    // Of a thread that is not ours nobody is answered for.
    lane?.source === 'own'
      ? decideRequest(options.policyOf(lane), asked.ask, placesOf(lane.cwd, options.homedir))
      : { kind: 'ask', timeoutSeconds: null }

  const again = (asked: Asked, row: RequestRow): void => {
    const { id, state, decision } = row
    const isSaid = state === 'answered' || state === 'expired'
    if (isSaid && decision !== null && decision !== 'respond') {
      // The answer was lost on its way.
      return asked.reply({ decision })
    }
    // What was said in words is not kept, so it must be said again.
    if (state !== 'pending') book.reopen(row)
    live.attach(id, asked)
    options.changed()
    options.touched([row.laneId ?? row.threadId])
  }

  const first = (asked: Asked, lane: LaneRow | null): void => {
    const verdict = verdictOf(asked, lane)
    const at = clock.now()
    const isAsking = verdict.kind === 'ask'
    const timeoutMs =
      isAsking && verdict.timeoutSeconds !== null ? verdict.timeoutSeconds * 1000 : null
    const row: RequestRow = {
      id: options.newId(),
      laneId: lane?.threadId ?? null,
      threadId: asked.threadId,
      turnId: asked.turnId,
      itemId: asked.itemId,
      rpcId: asked.rpcId,
      server: options.server(),
      ask: asked.ask,
      state: 'pending',
      decision: null,
      answeredBy: null,
      policyRule: null,
      createdAt: at,
      expiresAt: timeoutMs === null ? null : at + timeoutMs,
      closedAt: null,
    }
    if (isAsking) {
      book.open(row, null)
      live.attach(row.id, asked)
      return options.changed()
    }
    const { decision, rule } = verdict
    book.open(row, { state: 'answered', decision, by: 'policy', rule })
    asked.reply({ decision })
    audit.record({
      op: 'request.answer',
      actor: 'daemon',
      lane,
      outcome: decision,
      detail: { request: row.id, kind: row.ask.kind, decision, by: 'policy', rule },
    })
  }

  const take = (asked: Asked, lane: LaneRow | null): void => {
    if (asked.signal.aborted) return
    try {
      options.drain()
      const known = knownOf(asked)
      if (known) again(asked, known)
      else first(asked, lane)
    } catch (error) {
      // A registry that cannot be written for now: Codex waits, and nobody is told of what is not kept.
      log.error('request.not-recorded', { thread: asked.threadId, error })
      clock.at(RETRY_MS, () => take(asked, lane))
    }
  }

  const find = async (asked: Asked): Promise<void> => {
    let lane: LaneRow | null = null
    try {
      lane = await options.ownerOf(asked.threadId)
    } catch (error) {
      log.warn('request.owner-unknown', { thread: asked.threadId, error: String(error) })
    }
    take(asked, lane)
  }

  return {
    asked: (asked) => {
      const lane = store.lanes.get(asked.threadId)
      if (lane) take(asked, lane)
      else void find(asked)
    },
    refused: ({ rpcId, method, threadId, why }) =>
      audit.record({
        op: `request.${method.slice(0, NAME_MAX)}`,
        actor: 'daemon',
        lane: threadId === null ? null : store.lanes.get(threadId),
        outcome: 'refused',
        detail: { requestId: rpcId.slice(0, NAME_MAX), why },
      }),
  }
}

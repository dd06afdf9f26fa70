// The room of requests, put together.
import type { DaemonServices } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { Configuration } from '../config/configuration.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Host } from '../host/host.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { Log } from '../log/log.ts'
import { type Steer, makeAnswering } from './answering.ts'
import type { RequestPolicy } from './decide.ts'
import { makeLiveRequests } from './live-requests.ts'
import { makeRequestBook } from './request-book.ts'
import { makeRequestExpiry } from './request-expiry.ts'
import { makeRequestIntake, type RequestIntake } from './request-intake.ts'
import { makeRequestService } from './request-service.ts'
import { makeRequestSettling, type RequestSettling } from './request-settling.ts'
import { makeFollowRequests } from './waiting-status.ts'

/** The room. */
export type Requests = RequestIntake &
  RequestSettling &
  Disposable & { services: DaemonServices['request'] }

/** What the room needs. */
export type RequestsOptions = {
  store: Store
  clock: Clock
  log: Log
  audit: Audit
  events: EventLog
  changes: LaneChanges
  /** Something was asked on these lanes, or answered. */
  touched: (threadIds: readonly string[]) => void
  host: Pick<Host, 'homedir'>
  configuration: Pick<Configuration, 'daemon'>
  link: () => CodexLink
  /** Whether another client may have joined the App Server. */
  mayBeShared: () => boolean
  /** The lane that a sub-agent's thread belongs to. */
  ownerOf: (threadId: string) => Promise<LaneRow | null>
  steer: Steer
  drain: () => void
  newId: () => string
  resolve: (selector: string) => LaneRow
  /** The lane of a whole name: a part of a title answers nothing. */
  named: (selector: string) => LaneRow
}

/** Makes the room. */
export const makeRequests = (options: RequestsOptions): Requests => {
  const { store, configuration } = options
  const server = () => options.link().instance()

  const policyOf = ({ settings }: LaneRow): RequestPolicy => {
    const { requests, request_timeout_seconds: timeout, rules } = configuration.daemon().policy
    return {
      mode: settings.requests ?? requests,
      timeoutSeconds: settings.requestTimeoutSeconds ?? timeout ?? null,
      rules,
    }
  }

  const timeoutMsOf = (laneId: string): number | null => {
    const lane = store.lanes.get(laneId)
    const seconds = lane ? policyOf(lane).timeoutSeconds : null
    return seconds === null ? null : seconds * 1000
  }

  const live = makeLiveRequests()
  const book = makeRequestBook({ ...options, follow: makeFollowRequests(options) })
  const expiry = makeRequestExpiry({ ...options, book, live, timeoutMsOf })
  const shared = { ...options, book, live, server, changed: expiry.changed }
  const answering = makeAnswering(shared)

  return {
    ...makeRequestIntake({ ...shared, policyOf, homedir: options.host.homedir }),
    ...makeRequestSettling(shared),
    services: makeRequestService({ ...options, answering }),
    [Symbol.dispose]: () => expiry[Symbol.dispose](),
  }
}

// daemon status: how the daemon stands, and what a person should look at.
import type { DaemonStatus } from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'
import type { Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Host } from '../host/host.ts'
import { attentionKinds, attentionOf, attentionToWarnings } from './attention.ts'
import { msToIso } from '../clock/instant.ts'

/** What the status is read from. */
export type StatusOptions = {
  store: Store
  clock: Clock
  link: CodexLink
  events: EventLog
  host: Host
  paths: HomePaths
  /** The control socket in use. */
  socket: string
  version: string
  startedAt: number
  connections: () => number
  index: () => DaemonStatus['index']
  /** What starting had to say, such as a migration. */
  notices: readonly string[]
}

const triggersOf = (store: Store): DaemonStatus['triggers'] => {
  const { active, paused, disabled, done } = store.triggers.counts()
  const failing = store.triggers.countFailing()
  return { total: active + paused + disabled + done, enabled: active, disabled, failing }
}

const codexWarnings = ({ state, stale, error }: DaemonStatus['codex']): string[] => [
  ...(state === 'ready' || state === 'starting'
    ? []
    : [`Codex is ${state}: ${error ?? 'no reason known'}`]),
  ...(stale
    ? ['The running App Server is not the installed Codex; it is replaced when nothing runs.']
    : []),
]

/** Reads the status. */
export const readStatus = (options: StatusOptions): DaemonStatus => {
  const { store, clock, link, events, host, paths } = options
  const lanes = store.lanes.counts()
  const marks = store.lanes.marks()
  const { queued, submitting, ambiguous } = store.deliveries.counts()
  const requests = { pending: store.requests.countPending() }
  const triggers = triggersOf(store)
  const codex = link.status()
  const queues = store.lanes.queues()
  const open = Object.values(lanes).reduce((sum, count) => sum + count, 0) - lanes.archived
  return {
    status: codex.state === 'ready' ? 'running' : 'degraded',
    pid: host.pid,
    version: options.version,
    startedAt: msToIso(options.startedAt),
    uptimeSeconds: Math.round((clock.now() - options.startedAt) / 100) / 10,
    home: paths.home,
    socket: options.socket,
    database: paths.database,
    pidfile: paths.pidfile,
    log: paths.log,
    path: host.env.PATH ?? '',
    codex,
    lanes: {
      total: open,
      busy: lanes.busy,
      waitingApproval: lanes.waiting_approval,
      error: lanes.error,
      ...marks,
    },
    deliveries: { queued, submitting, ambiguous },
    queues,
    requests,
    triggers,
    index: options.index(),
    connections: options.connections(),
    followers: events.followers(),
    lastCursor: events.lastCursor(),
    unknownNotifications: { ...link.current()?.stats().unknownNotifications },
    warnings: [
      ...options.notices,
      ...codexWarnings(codex),
      ...attentionKinds.flatMap((kind) => attentionToWarnings(attentionOf(store, kind))),
    ],
  }
}

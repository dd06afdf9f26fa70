// daemon status: how the daemon stands, and what a person should look at.
import type { DaemonStatus } from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Host } from '../host/host.ts'

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
  /** What starting had to say, such as a migration. */
  notices: readonly string[]
}

type Worth = Pick<DaemonStatus, 'codex' | 'deliveries' | 'requests' | 'triggers'> & {
  stalled: readonly LaneRow[]
}

/** Stalled lanes that a warning names; `lanes.stalled` counts them all. */
const NAMED_MAX = 20

const warningsOf = ({ codex, deliveries, requests, triggers, stalled }: Worth): string[] => {
  const warnings: string[] = []
  if (codex.state !== 'ready' && codex.state !== 'starting')
    warnings.push(`Codex is ${codex.state}: ${codex.error ?? 'no reason known'}`)
  if (codex.stale)
    warnings.push(
      'The running App Server is not the installed Codex; it is replaced when nothing runs.',
    )
  if (deliveries.ambiguous > 0)
    warnings.push(
      `${deliveries.ambiguous} deliveries need a person: dispatch delivery list --state ambiguous`,
    )
  if (requests.pending > 0)
    warnings.push(
      requests.pending === 1
        ? 'A request waits for a person: dispatch request list'
        : `${requests.pending} requests wait for a person: dispatch request list`,
    )
  if (triggers.disabled > 0)
    warnings.push(
      triggers.disabled === 1
        ? 'A trigger was disabled: dispatch trigger list --state disabled'
        : `${triggers.disabled} triggers were disabled: dispatch trigger list --state disabled`,
    )
  for (const { ref, handle, stalledReason } of stalled)
    warnings.push(
      `${handle} is stalled: ${stalledReason ?? 'no reason known'}. dispatch tail ${ref}, or dispatch stop ${ref}`,
    )
  return warnings
}

const triggersOf = (store: Store): DaemonStatus['triggers'] => {
  const { active, paused, disabled, done } = store.triggers.counts()
  return { total: active + paused + disabled + done, enabled: active, disabled }
}

/** Reads the status. */
export const readStatus = (options: StatusOptions): DaemonStatus => {
  const { store, clock, link, events, host, paths } = options
  const lanes = store.lanes.counts()
  const { submitting, ambiguous } = store.deliveries.counts()
  const pending = store.requests.countPending()
  const codex = link.status()
  const deliveries = { submitting, ambiguous }
  const open = Object.values(lanes).reduce((sum, count) => sum + count, 0) - lanes.archived
  return {
    status: codex.state === 'ready' ? 'running' : 'degraded',
    pid: host.pid,
    version: options.version,
    startedAt: new Date(options.startedAt).toISOString(),
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
      ...store.lanes.marks(),
    },
    deliveries,
    requests: { pending },
    triggers: triggersOf(store),
    connections: options.connections(),
    followers: events.followers(),
    lastCursor: events.lastCursor(),
    unknownNotifications: { ...link.current()?.stats().unknownNotifications },
    warnings: [
      ...options.notices,
      ...warningsOf({
        codex,
        deliveries,
        requests: { pending },
        triggers: triggersOf(store),
        stalled: store.lanes.stalled(NAMED_MAX),
      }),
    ],
  }
}

// daemon status: how the daemon stands, and what a person should look at.
import type { DaemonStatus } from '@dispatch/contract'
import type { HomePaths } from '@dispatch/contract/home'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Host } from '../host/host.ts'
import { msToIso } from '../clock/instant.ts'
import type { RegistryStatus } from './registry-status.ts'

/** What the status is read from. */
export type StatusOptions = {
  registry: () => RegistryStatus
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
  const { clock, link, events, host, paths } = options
  const { warnings, ...registry } = options.registry()
  const codex = link.status()
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
    ...registry,
    index: options.index(),
    connections: options.connections(),
    followers: events.followers(),
    lastCursor: events.lastCursor(),
    unknownNotifications: { ...link.current()?.stats().unknownNotifications },
    warnings: [...options.notices, ...codexWarnings(codex), ...warnings],
  }
}

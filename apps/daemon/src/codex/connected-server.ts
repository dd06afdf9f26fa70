// A server that this daemon talks to, however it came by it. Types, and the handshake that all ways share.
import { resolve } from 'node:path'
import {
  type CodexClient,
  type CodexClientOptions,
  connectCodex,
  type Transport,
} from '@dispatch/codex-client'
import type { Clock } from '../clock/clock.ts'
import type { Host } from '../host/host.ts'
import type { Log } from '../log/log.ts'
import type { ProcessIdentity } from './process-identity.ts'
import type { ServerRecords } from './server-record.ts'

/** How this daemon talks to whatever server it gets. */
export type ClientHooks = Pick<
  CodexClientOptions,
  'onNotification' | 'serverRequests' | 'onUnknownRequest' | 'onFault' | 'onUnknownNotification'
>

/** Everything that getting a server needs. */
export type ServerOptions = {
  host: Host
  clock: Clock
  log: Log
  records: ServerRecords
  hooks: ClientHooks
  socket: string
  codexHome: string
  homeId: string
  logFile: string
  cwd: string
  version: string
}

/** A connected server. */
export type ConnectedServer = {
  client: CodexClient
  /** Null where it does not say. */
  process: ProcessIdentity | null
  /** Null where it has none. */
  socket: string | null
  /** What it was started from, where that is known. */
  binary: string | null
  /** Whether it ran before this connection. */
  joined: boolean
  /** Ends it; one that is not ours is only left. */
  kill(): Promise<void>
  /** Lets go of it as the daemon leaves. */
  release(): Promise<void>
}

/** Gets a server; `binary` is null where no Codex is installed. */
export type Obtain = (options: ServerOptions, binary: string | null) => Promise<ConnectedServer>

// Rate limits are noise for us, and a client is cut off when its queue fills.
const OPT_OUT = ['account/rateLimits/updated'] as const

/** Introduces the daemon to a server. */
export const introduce = (
  options: ServerOptions,
  transport: Transport,
  timeoutMs?: number,
): Promise<CodexClient> =>
  connectCodex({
    transport,
    clientInfo: { name: 'dispatch', title: 'dispatch', version: options.version },
    optOut: OPT_OUT,
    ...options.hooks,
    ...(timeoutMs === undefined ? {} : { handshakeTimeoutMs: timeoutMs }),
  })

// Where this home is. Shells of lanes do not inherit it; an MCP server that names it does, and so reaches
// the daemon that its lane runs under.
const PLACES = ['DISPATCH_HOME', 'DISPATCH_SOCKET', 'DISPATCH_DB', 'DISPATCH_PIDFILE']

/** The environment of a server: ours, with nothing of dispatch in it but where this home is. */
export const hostToServerEnv = ({ env, cwd }: Pick<Host, 'env' | 'cwd'>): Host['env'] => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DISPATCH_'))),
  ...Object.fromEntries(
    PLACES.flatMap((name) => (env[name] ? [[name, resolve(cwd, env[name])]] : [])),
  ),
})

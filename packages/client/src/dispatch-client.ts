// The client as programs make it: defaults from their surroundings, the home's daemon, typed ops.
import { makeCallIds } from '@dispatch/contract/call-id'
import type { HomePaths } from '@dispatch/contract/home'
import { type CallerKind, WIRE } from '@dispatch/contract/wire'
import type { Api } from './api.ts'
import { makeApi } from './api-proxy.ts'
import { ensureDaemon } from './autostart.ts'
import type { Client } from './calls.ts'
import { makeClient } from './client.ts'
import { callerCodexHome } from './codex-home.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Environment, readEnvironment, readZone } from './environment.ts'
import { locateHome, locateSocket } from './home.ts'
import { replaceDaemon } from './replacement.ts'
import { makeSilence } from './silence.ts'
import type { DaemonCommand } from './spawn.ts'

/** How a client is made; everything may be left out. */
export type DispatchClientOptions = {
  /** The home; DISPATCH_HOME, else `~/.dispatch`. */
  home?: string
  /** Environment variables; those of this process. */
  env?: Readonly<Record<string, string | undefined>>
  /** The directory that relative paths are taken against; that of this process. */
  cwd?: string
  /** Who calls, for the audit trail; `client`. */
  caller?: CallerKind
  /** Our version. Without it an older daemon is used as it is. */
  version?: string
  /** Hash of the contract, for diagnosis. */
  contract?: string
  /** How `dispatchd` is started where none runs; without it, or with DISPATCH_NO_AUTOSTART=1, nothing is started. */
  daemon?: DaemonCommand
  /** Called after a daemon was started for a call. */
  onStart?: () => void
  /** Milliseconds that a call may take where it says nothing else; no limit by default. */
  timeoutMs?: number
  /** Milliseconds until a daemon that is started must listen; 60 s by default. */
  startTimeoutMs?: number
  clock?: Clock
}

/** The client: typed ops at `api`, any op by path at `call` and `subscribe`. */
export type DispatchClient = Client & {
  api: Api
  /** Where the home keeps what. */
  paths: HomePaths
}

const surroundings = ({ env, cwd }: DispatchClientOptions): Environment => {
  const environment = readEnvironment()
  return {
    ...environment,
    ...(env === undefined ? {} : { env, homedir: env['HOME'] || environment.homedir }),
    ...(cwd === undefined ? {} : { cwd }),
  }
}

/** Makes a client of the daemon of one home. Nothing is connected or started before the first call. */
export const createDispatchClient = (options: DispatchClientOptions = {}): DispatchClient => {
  const environment = surroundings(options)
  const {
    clock = systemClock,
    version = '0.0.0',
    daemon,
    onStart,
    timeoutMs,
    startTimeoutMs,
  } = options
  const paths = locateHome(environment, options.home)
  const threadId = environment.env['CODEX_THREAD_ID']
  const caller = options.caller ?? 'client'
  const codexHome = callerCodexHome(environment, caller)
  const hello = {
    wire: WIRE,
    version,
    contract: options.contract ?? '',
    caller,
    cwd: environment.cwd,
    zone: readZone(environment.env),
    ...(threadId ? { threadId } : {}),
    ...(codexHome === null ? {} : { codexHome }),
  } as const
  const locate = () => locateSocket(paths, environment.uid)
  const mayStart = daemon && environment.env['DISPATCH_NO_AUTOSTART'] !== '1'
  const start = async (signal: AbortSignal): Promise<void> => {
    if (!daemon) return
    const outcome = await ensureDaemon({
      daemon,
      environment,
      paths,
      clock,
      signal,
      ...(startTimeoutMs === undefined ? {} : { timeout: startTimeoutMs }),
    })
    if (outcome.status === 'started') onStart?.()
  }
  const client = makeClient({
    hello,
    clock,
    locate,
    silence: makeSilence(paths.pidfile),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    newId: makeCallIds({ now: clock.now, random: (bytes) => crypto.getRandomValues(bytes) }),
    ...(mayStart
      ? {
          start,
          replace: async (older, signal) => {
            await replaceDaemon({ older, hello, locate, clock, signal })
            await start(signal)
          },
        }
      : {}),
  })
  return Object.assign(client, { api: makeApi(client) as Api, paths })
}

// Gets this home its app-server: joins the recorded one when it answers as itself, ends it when it
// lives without answering, and starts another. Knows nothing of lanes.
import { closeSync, mkdirSync, openSync, statSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  type CodexClient,
  type CodexClientOptions,
  connectCodex,
  connectListening,
  connectWebSocket,
  readCodexVersion,
  spawnSocketServer,
} from '@dispatch/codex-client'
import type { Clock } from '../clock/clock.ts'
import type { Host } from '../host/host.ts'
import type { Log } from '../log/log.ts'
import { identify, isAlive } from './process-identity.ts'
import type { ServerRecord, ServerRecords } from './server-record.ts'
import { reapOrphans, terminate } from './termination.ts'

/** How this daemon talks to whatever server it gets. */
export type ClientHooks = Pick<
  CodexClientOptions,
  'onNotification' | 'serverRequests' | 'onFault' | 'onUnknownNotification'
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
  record: ServerRecord
  /** Whether the server ran before this connection. */
  joined: boolean
}

const JOIN_TIMEOUT_MS = 5_000
const JOIN_TRIES = 2
const LOG_MAX = 10 * 1024 * 1024

// Rate limits are noise for us, and a client is cut off when its queue fills.
const OPT_OUT = ['account/rateLimits/updated'] as const

const connect = (options: ServerOptions, transport: CodexClientOptions['transport']) =>
  connectCodex({
    transport,
    clientInfo: { name: 'dispatch', title: 'dispatch', version: options.version },
    optOut: OPT_OUT,
    ...options.hooks,
  })

// Only the server that says the recorded pid of itself is the recorded one.
const joinRecorded = async (
  options: ServerOptions,
  record: ServerRecord,
): Promise<ConnectedServer | null> => {
  await using owned = new AsyncDisposableStack()
  const transport = await connectWebSocket({
    socketPath: record.socket,
    timeoutMs: JOIN_TIMEOUT_MS,
  })
  const client = owned.use(await connect(options, transport))
  const timeoutMs = JOIN_TIMEOUT_MS
  const { process } = await client.request('server/diagnostics', {}, { timeoutMs })
  if (process.id !== record.pid) return null
  owned.move()
  return { client, record, joined: true }
}

// A server that is busy, or a daemon that is, misses a deadline; lanes are worth another try.
const joinPatiently = async (
  options: ServerOptions,
  record: ServerRecord,
): Promise<ConnectedServer | null> => {
  for (let left = JOIN_TRIES; left > 0 && isAlive(options.host, record); left -= 1) {
    try {
      return await joinRecorded(options, record)
    } catch (error) {
      options.log.warn('codex.join-failed', { pid: record.pid, error: String(error) })
    }
  }
  return null
}

const openLog = (file: string): number => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  try {
    if (statSync(file).size > LOG_MAX) truncateSync(file)
  } catch {
    // No log yet.
  }
  return openSync(file, 'a', 0o600)
}

const start = async (options: ServerOptions, binary: string): Promise<ConnectedServer> => {
  const { host, codexHome, socket, records } = options
  const env = Object.fromEntries(
    Object.entries(host.env).filter(([name]) => !name.startsWith('DISPATCH_')),
  )
  const version = await readCodexVersion({ binary, codexHome, env }).catch(() => null)
  const stderr = openLog(options.logFile)
  try {
    const child = await spawnSocketServer({
      binary,
      codexHome,
      env,
      cwd: options.cwd,
      socketPath: socket,
      stderr,
    })
    try {
      // Recorded before it answers: whatever happens next, the next daemon knows its pid.
      const record = { ...identify(child.pid), socket, binary, version, codexHome }
      records.set(record)
      const transport = await connectListening({ socketPath: socket, exited: child.exited })
      const client = await connect(options, transport)
      return { client, record, joined: false }
    } catch (error) {
      await child.terminate()
      records.set(null)
      throw error
    }
  } finally {
    closeSync(stderr)
  }
}

// Where the platform tells no start time, the pid alone may long be another program's.
const isOurs = async (host: Host, record: ServerRecord): Promise<boolean> => {
  if (!isAlive(host, record)) return false
  if (record.startedAt !== null) return true
  const timeoutMs = JOIN_TIMEOUT_MS
  try {
    await using client = await connectCodex({
      transport: await connectWebSocket({ socketPath: record.socket, timeoutMs }),
      clientInfo: { name: 'dispatch', title: 'dispatch', version: '0' },
      optOut: OPT_OUT,
      onFault: () => {},
    })
    const { process } = await client.request('server/diagnostics', {}, { timeoutMs })
    return process.id === record.pid
  } catch {
    return false
  }
}

/** Ends the recorded server of this home, if it lives, and what it left behind. */
export const endRecorded = async (
  options: Pick<ServerOptions, 'host' | 'clock' | 'records' | 'homeId'>,
): Promise<number | null> => {
  const record = options.records.get()
  const alive = record !== null && (await isOurs(options.host, record))
  if (alive) {
    await terminate(options, record)
    if (isAlive(options.host, record)) throw new Error(`Codex (pid ${record.pid}) does not end`)
  }
  await reapOrphans(options, options.homeId)
  options.records.set(null)
  return alive ? record.pid : null
}

/** Joins or starts the server of this home. */
export const obtainServer = async (
  options: ServerOptions,
  binary: string | null,
): Promise<ConnectedServer> => {
  const record = options.records.get()
  if (record && isAlive(options.host, record)) {
    const joined = await joinPatiently(options, record)
    if (joined) return joined
  }
  if (binary === null) throw new Error('no codex to start')
  // A live server without an answer holds the writer locks of every loaded lane.
  if (record) await endRecorded(options)
  return await start(options, binary)
}

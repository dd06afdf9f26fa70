// connection = "own": gets this home its own app-server. Joins the recorded one when it answers as
// itself, ends it when it lives without answering, and starts another. Knows nothing of lanes.
import { rmSync } from 'node:fs'
import {
  connectCodex,
  connectListening,
  connectWebSocket,
  spawnSocketServer,
} from '@dispatch/codex-client'
import {
  type ConnectedServer,
  hostToServerEnv,
  introduce,
  type Obtain,
  type ServerOptions,
} from './connected-server.ts'
import type { Host } from '../host/host.ts'
import { watchActivity } from './activity.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'
import { openServerLog } from './server-log.ts'
import type { ServerRecord } from './server-record.ts'
import { findServers } from './stray-servers.ts'
import { reapOrphans, terminate } from './termination.ts'

/** A server that is well answers within 0.3 s, one under load within some seconds. */
const JOIN_TIMEOUT_MS = 3_000
const JOIN_TRIES = 4
/** For one that did nothing at all during a try: it gets one more. */
const IDLE_TIMEOUT_MS = 1_000

const connected = (
  options: ServerOptions,
  record: ServerRecord,
  how: Pick<ConnectedServer, 'client' | 'joined'>,
): ConnectedServer => ({
  ...how,
  process: record,
  socket: record.socket,
  binary: record.binary,
  kill: () => terminate(options, record),
  // It lives on: the next daemon joins it again.
  release: async () => await how.client[Symbol.asyncDispose](),
})

// Only the server that says the recorded pid of itself is the recorded one.
const joinRecorded = async (
  options: ServerOptions,
  record: ServerRecord,
  timeoutMs: number,
): Promise<ConnectedServer | null> => {
  await using owned = new AsyncDisposableStack()
  const transport = await connectWebSocket({ socketPath: record.socket, timeoutMs })
  const client = owned.use(await introduce(options, transport, timeoutMs))
  const { process } = await client.request('server/diagnostics', {}, { timeoutMs })
  if (process.id !== record.pid) return null
  owned.move()
  return connected(options, record, { client, joined: true })
}

// A server that is busy, or a daemon that is, misses a deadline; lanes are worth further tries. One that
// did nothing in that time hangs, or was stopped.
const joinPatiently = async (
  options: ServerOptions,
  record: ServerRecord,
): Promise<ConnectedServer | null> => {
  let [left, timeoutMs] = [JOIN_TRIES, JOIN_TIMEOUT_MS]
  for (; left > 0 && isAlive(options.host, record); left -= 1) {
    const hasWorked = watchActivity(record.pid)
    try {
      return await joinRecorded(options, record, timeoutMs)
    } catch (error) {
      if (!hasWorked()) [left, timeoutMs] = [Math.min(left, 2), IDLE_TIMEOUT_MS]
      options.log.warn('codex.join-failed', { pid: record.pid, error: String(error) })
    }
  }
  return null
}

const start = async (options: ServerOptions, binary: string): Promise<ConnectedServer> => {
  const { host, codexHome, socket, records } = options
  const env = hostToServerEnv(host)
  using log = openServerLog(options.logFile)
  const child = await spawnSocketServer({
    binary,
    codexHome,
    env,
    cwd: options.cwd,
    socketPath: socket,
    stderr: log.fd,
  })
  try {
    // Recorded before it answers: whatever happens next, the next daemon knows its pid.
    const record = { ...identify(child.pid), socket, binary, codexHome }
    records.set(record)
    const transport = await connectListening({ socketPath: socket, exited: child.exited })
    const client = await introduce(options, transport)
    return connected(options, record, { client, joined: false })
  } catch (error) {
    await child.terminate()
    records.set(null)
    throw error
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
      onFault: () => {},
    })
    const { process } = await client.request('server/diagnostics', {}, { timeoutMs })
    return process.id === record.pid
  } catch {
    return false
  }
}

type Ending = Pick<ServerOptions, 'host' | 'clock' | 'records' | 'homeId' | 'socket'>

const endProcess = async (options: Ending, server: ProcessIdentity): Promise<void> => {
  await terminate(options, server)
  if (isAlive(options.host, server)) throw new Error(`Codex (pid ${server.pid}) does not end`)
}

// A daemon that was killed between the start of a server and its record: nobody else would ever end it,
// and it holds writer locks, or takes the socket of the next one.
const endUnrecorded = async (options: Ending): Promise<number | null> => {
  const strays = findServers(options.host, options.socket)
  for (const pid of strays) await endProcess(options, identify(pid))
  return strays[0] ?? null
}

/**
 * Ends the server of this home, if one lives, and what it left behind: the recorded one, and any that was
 * started to listen at this home's socket and never recorded. A server that is not ours is neither.
 */
export const endRecorded = async (options: Ending): Promise<number | null> => {
  const record = options.records.get()
  const alive = record !== null && (await isOurs(options.host, record))
  if (alive) await endProcess(options, record)
  const stray = await endUnrecorded(options)
  if (record === null && stray === null) return null
  await reapOrphans(options, options.homeId)
  // A server that was killed leaves its socket behind.
  rmSync(record?.socket ?? options.socket, { force: true })
  options.records.set(null)
  return alive ? record.pid : stray
}

/** Joins or starts the server of this home. */
export const obtainOwn: Obtain = async (options, binary) => {
  const record = options.records.get()
  if (record && isAlive(options.host, record)) {
    const joined = await joinPatiently(options, record)
    if (joined) return joined
  }
  if (binary === null) throw new Error('no codex to start')
  // A live server without an answer holds the writer locks of every loaded lane.
  await endRecorded(options)
  return await start(options, binary)
}

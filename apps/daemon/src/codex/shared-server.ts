// connection = "shared": Codex's own server, which its apps use too, so that lanes are live in them. It is
// joined at its control socket and never started, stopped or replaced here.
import { realpathSync } from 'node:fs'
import { connectWebSocket } from '@dispatch/codex-client'
import { introduce, type Obtain } from './connected-server.ts'
import { identify, type ProcessIdentity } from './process-identity.ts'
import { endRecorded } from './server.ts'

const JOIN_TIMEOUT_MS = 5_000

/** Codex's control socket. */
export const controlSocketOf = (codexHome: string): string =>
  `${codexHome}/app-server-control/app-server-control.sock`

// The path is a link to a short one, which is what a Unix socket takes.
const placeOf = (socket: string): string => {
  try {
    return realpathSync(socket)
  } catch (cause) {
    throw new Error(`Codex's own App Server does not run (${socket}): open Codex to start it`, {
      cause,
    })
  }
}

/** Joins it. */
export const obtainShared: Obtain = async (options) => {
  // One of ours, of another configuration, would keep the locks of its threads.
  await endRecorded(options)
  const socket = controlSocketOf(options.codexHome)
  const transport = await connectWebSocket({
    socketPath: placeOf(socket),
    timeoutMs: JOIN_TIMEOUT_MS,
  })
  const client = await introduce(options, transport)
  let process: ProcessIdentity | null = null
  try {
    const limits = { timeoutMs: JOIN_TIMEOUT_MS }
    process = identify((await client.request('server/diagnostics', {}, limits)).process.id)
  } catch (error) {
    options.log.warn('codex.unidentified', { error: String(error) })
  }
  const leave = async (): Promise<void> => await client[Symbol.asyncDispose]()
  return { client, process, socket, binary: null, joined: true, kill: leave, release: leave }
}

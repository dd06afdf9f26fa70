// Connects to a server that was only just started: its socket appears some time after its process
// (0.1 to 2.7 s), and nothing but a try tells when.
import { CodexConnectError, CodexTimeoutError } from './errors.ts'
import type { CodexExit } from './spawn.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'
import type { Transport } from './transport.ts'
import { connectWebSocket } from './websocket.ts'

/** What a socket path answers while its server is not there yet. */
const NOT_YET = new Set(['ENOENT', 'ECONNREFUSED'])
const RETRY_MS = 10

export interface ListeningTarget {
  readonly socketPath: string
  /** From now until connected. Default 15,000. */
  readonly timeoutMs?: number
  /** The server's end, after which waiting is in vain. */
  readonly exited?: Promise<CodexExit>
  readonly timers?: Timers
}

/**
 * Connects as soon as the server listens. Throws `CodexConnectError` for what waiting does not heal
 * and when the server ended first, `CodexTimeoutError` (method `connect`) when time is up.
 */
export async function connectListening(target: ListeningTarget): Promise<Transport> {
  const { socketPath, timeoutMs = 15_000, exited, timers = systemTimers } = target
  let stop: Error | undefined
  void exited?.then(({ code, signal }) => {
    stop ??= new CodexConnectError(socketPath, new Error(`the server ended (${signal ?? code})`))
  })
  const callOff = timers.after(timeoutMs, () => {
    stop ??= new CodexTimeoutError('connect', timeoutMs)
  })
  try {
    for (;;) {
      try {
        return await connectWebSocket({ socketPath, timeoutMs })
      } catch (error) {
        if (!(error instanceof CodexConnectError) || !NOT_YET.has(error.code ?? '')) throw error
      }
      await new Promise<void>((resolve) => void timers.after(RETRY_MS, resolve))
      if (stop !== undefined) throw stop
    }
  } finally {
    callOff()
  }
}

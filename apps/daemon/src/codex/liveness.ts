// Finds a server that accepts but does not answer: pinged only while work is open.
import { type CodexClient, CodexTimeoutError } from '@dispatch/codex-client'
import type { Clock } from '../clock/clock.ts'

const EVERY_MS = 4_000
const ANSWER_MS = 5_000
/** For one that did nothing at all while it was first asked. */
const IDLE_ANSWER_MS = 1_000

/** Pings until the client ends; `dead` is called once when two answers running stay away. */
export const watchLiveness = (
  clock: Clock,
  options: {
    client: CodexClient
    hasOpenWork: () => boolean
    /** Begins to watch the server's process; gives whether it has worked since. */
    watchActivity: () => () => boolean
    dead: () => void
  },
): Disposable => {
  let stopped = false
  let timer: Disposable | undefined
  const next = (): void => {
    timer = clock.at(EVERY_MS, () => void ping())
  }
  // An error is an answer too, and a closed connection is told by the client.
  const isSilent = async (timeoutMs: number): Promise<boolean> => {
    try {
      await options.client.request('server/diagnostics', {}, { timeoutMs })
      return false
    } catch (error) {
      return error instanceof CodexTimeoutError
    }
  }
  const ping = async (): Promise<void> => {
    if (stopped) return
    if (!options.hasOpenWork()) return next()
    // A daemon that was itself held up finds its timer due before the answer that lies in the socket.
    const hasWorked = options.watchActivity()
    if ((await isSilent(ANSWER_MS)) && !stopped) {
      await new Promise((resolve) => setImmediate(resolve))
      const patience = hasWorked() ? ANSWER_MS : IDLE_ANSWER_MS
      if (!stopped && (await isSilent(patience)) && !stopped) return options.dead()
    }
    if (!stopped) next()
  }
  next()
  return {
    [Symbol.dispose]() {
      stopped = true
      timer?.[Symbol.dispose]()
    },
  }
}

// Ends stalled turns, each once at a time, with an audit row: nobody waits for it and nobody asked.
import { toDispatchError } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { Log } from '../log/log.ts'
import type { Stopper } from '../turns/stop.ts'

/** Ends turns. Disposing waits for those that are being ended. */
export type Interruption = AsyncDisposable & {
  /** Stops the lane's turn; returns at once. */
  interrupt(threadId: string, silentMs: number): void
}

/** What ending turns needs. */
export type InterruptionOptions = {
  store: Store
  audit: Audit
  log: Log
  stopper: () => Pick<Stopper, 'stop'>
}

/** Makes the ending of stalled turns. */
export const makeInterruption = (options: InterruptionOptions): Interruption => {
  const { store, audit, log } = options
  const leaving = new AbortController()
  const running = new Map<string, Promise<void>>()

  const stop = async (threadId: string, silentMs: number): Promise<void> => {
    const lane = store.lanes.get(threadId)
    if (!lane) return
    const told = { op: 'stop', actor: 'daemon', lane }
    const detail = { by: 'watchdog', silentSeconds: Math.round(silentMs / 1_000) }
    try {
      const { stopped, reason } = await options.stopper().stop(lane, leaving.signal)
      audit.record({ ...told, outcome: 'ok', detail: { ...detail, stopped, reason } })
    } catch (error) {
      if (leaving.signal.aborted) return
      audit.record({ ...told, outcome: toDispatchError(error).code, detail })
      log.warn('watchdog.interrupt-failed', { thread: threadId, error })
    }
  }

  return {
    interrupt: (threadId, silentMs) => {
      if (running.has(threadId) || leaving.signal.aborted) return
      const ending = stop(threadId, silentMs).finally(() => running.delete(threadId))
      running.set(threadId, ending)
    },
    [Symbol.asyncDispose]: async () => {
      leaving.abort()
      await Promise.all(running.values())
    },
  }
}

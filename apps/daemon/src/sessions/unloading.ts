// Lets the App Server drop a thread, and with it the lock that keeps other Codex apps from opening it.
// Codex does so some seconds after the last subscriber has gone.
import type { CodexClient } from '@dispatch/codex-client'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'

/** Unloads threads. */
export type Unloading = {
  /** Unsubscribes and waits; whether the thread is not loaded any more. Inside the lane's worker. */
  unload(client: CodexClient, threadId: string): Promise<boolean>
  /** The App Server let the thread go. */
  unloaded(threadId: string): void
}

/** A lane unloads two seconds after it is let go; one that another client has open does not. */
const UNLOADED_MS = 5_000

/** Makes the unloading. */
export const makeUnloading = (options: { clock: Clock; loading: LaneLoading }): Unloading => {
  const { clock, loading } = options
  const waiting = new Map<string, () => void>()
  return {
    unloaded: (threadId) => waiting.get(threadId)?.(),
    unload: async (client, threadId) => {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      waiting.set(threadId, () => resolve(true))
      using _timer = clock.at(UNLOADED_MS, () => resolve(false))
      loading.unloaded(threadId)
      try {
        const { status } = await client.request('thread/unsubscribe', { threadId })
        return status === 'notLoaded' || (await promise)
      } catch (error) {
        throw codexFailureToError(error)
      } finally {
        waiting.delete(threadId)
      }
    },
  }
}

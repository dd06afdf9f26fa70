// Wakes whoever waits for a lane to be somewhere: a predicate over the registry, asked again after
// each commit that touched the lane.
import type { Clock } from '../clock/clock.ts'

/** Waiting for lanes. */
export type LaneChanges = {
  /** Something of these lanes was committed. */
  touched(threadIds: Iterable<string>): void
  /** Resolves with true once `isMet` holds, with false when time is up; rejects when the signal aborts. */
  until(
    threadIds: readonly string[],
    isMet: () => boolean,
    limits: { signal: AbortSignal; timeoutMs: number | null },
  ): Promise<boolean>
}

/** Makes the room's one registry of waiters. */
export const makeLaneChanges = (clock: Clock): LaneChanges => {
  const waiting = new Map<string, Set<() => void>>()

  const watch = (threadId: string, wake: () => void): void => {
    const wakes = waiting.get(threadId) ?? new Set()
    wakes.add(wake)
    waiting.set(threadId, wakes)
  }

  const unwatch = (threadId: string, wake: () => void): void => {
    const wakes = waiting.get(threadId)
    wakes?.delete(wake)
    if (wakes?.size === 0) waiting.delete(threadId)
  }

  return {
    touched: (threadIds) => {
      for (const threadId of threadIds) {
        for (const wake of [...(waiting.get(threadId) ?? [])]) wake()
      }
    },
    until: async (threadIds, isMet, { signal, timeoutMs }) => {
      signal.throwIfAborted()
      if (isMet()) return true
      const { promise, resolve, reject } = Promise.withResolvers<boolean>()
      const wake = (): void => {
        try {
          if (isMet()) resolve(true)
        } catch (error) {
          reject(error)
        }
      }
      const abort = (): void => reject(signal.reason)
      const timer = timeoutMs === null ? null : clock.at(timeoutMs, () => resolve(false))
      for (const threadId of threadIds) watch(threadId, wake)
      signal.addEventListener('abort', abort, { once: true })
      try {
        return await promise
      } finally {
        timer?.[Symbol.dispose]()
        for (const threadId of threadIds) unwatch(threadId, wake)
        signal.removeEventListener('abort', abort)
      }
    },
  }
}

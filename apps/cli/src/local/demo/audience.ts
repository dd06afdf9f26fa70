// Follows the events of the demo's lanes, hands them to the board, and lets the play wait for one.
import type { DispatchClient } from '@dispatch/client'
import type { DispatchEvent } from '@dispatch/contract'
import type { Board } from './board.ts'

type Waiter = { fits(event: DispatchEvent): boolean; resolve(): void; reject(error: unknown): void }

/** Who watches the play. */
export type Audience = AsyncDisposable & {
  /** Resolves with the first event, past ones included, that fits. */
  saw(fits: (event: DispatchEvent) => boolean): Promise<void>
}

/** Begins to follow; disposing ends it. */
export const makeAudience = (
  client: DispatchClient,
  board: Board,
  outer: AbortSignal,
): Audience => {
  const leaving = new AbortController()
  const signal = AbortSignal.any([leaving.signal, outer])
  const seen: DispatchEvent[] = []
  const waiters = new Set<Waiter>()
  const end = (error: unknown): void => {
    for (const waiter of waiters) waiter.reject(error)
    waiters.clear()
  }

  const follow = async (): Promise<void> => {
    for await (const tracked of client.subscribe('watchFollow', { after: '0' }, { signal })) {
      const data = tracked.data as DispatchEvent
      seen.push(data)
      await board.show(data)
      for (const waiter of waiters) {
        if (!waiter.fits(data)) continue
        waiters.delete(waiter)
        waiter.resolve()
      }
    }
    end(signal.reason)
  }
  const following = follow().catch(end)

  return {
    saw: (fits) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        if (seen.some(fits)) return resolve()
        waiters.add({ fits, resolve, reject })
      }),
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await following
    },
  }
}

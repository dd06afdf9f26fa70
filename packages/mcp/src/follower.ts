// Follows one subscription of the daemon for as long as it is wanted. What cannot be begun is refused; what
// breaks off later is said once and begun again, with a gap where nothing was heard.
import type { Clock } from '@dispatch/client'
import type { Caller } from './caller.ts'

/** What is followed, and who is told. */
export type FollowerOptions = {
  client: Caller
  clock: Clock
  path: string
  input: object
  onData: (data: unknown) => void
  /** Called when it follows again after it did not. */
  onGap: () => void
  onError: (error: Error) => void
}

/** Follows when it is told to. */
export type Follower = AsyncDisposable & {
  /** Resolves when nothing is missed any more; rejects where it cannot be begun, and may be asked again. */
  begin(): Promise<void>
  /** Lets it go until the next begin. */
  stop(): void
}

type Following = { begun: Promise<void>; stopping: AbortController }

const BACKOFF_MIN_MS = 100
const BACKOFF_MAX_MS = 30_000

/** Follows nothing before it is told to. */
export const makeFollower = (options: FollowerOptions): Follower => {
  const { client, clock, path, input, onData, onGap, onError } = options
  const running = new Set<Promise<void>>()
  let current: Following | null = null

  const followOnce = async (signal: AbortSignal, onBegin: () => void): Promise<void> => {
    const events = client.subscribe(path, input, { signal, autostart: false, onBegin })
    for await (const { data } of events) onData(data)
    throw new Error(`${path} ended.`)
  }

  const follow = async (signal: AbortSignal, onBegin: () => void): Promise<void> => {
    let wait = BACKOFF_MIN_MS
    let hasBegun = false
    let heardAt: number | null = null
    const onHeard = (): void => {
      heardAt = clock.monotonic()
      if (hasBegun) onGap()
      hasBegun = true
      onBegin()
    }
    while (!signal.aborted) {
      try {
        await followOnce(signal, onHeard)
      } catch (thrown) {
        if (signal.aborted) return
        if (!hasBegun) throw thrown
        if (heardAt !== null && clock.monotonic() - heardAt > BACKOFF_MAX_MS) wait = BACKOFF_MIN_MS
        heardAt = null
        // What goes on failing was said already.
        if (wait === BACKOFF_MIN_MS) onError(thrown as Error)
      }
      await clock.pause(wait, signal)
      wait = Math.min(wait * 2, BACKOFF_MAX_MS)
    }
  }

  const stop = (): void => {
    current?.stopping.abort()
    current = null
  }

  return {
    begin: () => {
      if (current) return current.begun
      const stopping = new AbortController()
      const { promise: begun, resolve, reject } = Promise.withResolvers<void>()
      const following = { begun, stopping }
      current = following
      const over = follow(stopping.signal, resolve)
        .catch((thrown: unknown) => {
          if (current === following) current = null
          reject(thrown)
        })
        .finally(() => {
          resolve()
          running.delete(over)
        })
      running.add(over)
      return begun
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      stop()
      await Promise.all(running)
    },
  }
}

// Time, injected wherever it is needed.
import { readMonotonic } from './environment.ts'

/** The clock of a client. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number
  /** Runs once after `ms`; the returned function calls it off. It never keeps a process alive. */
  after(ms: number, run: () => void): () => void
  /** Resolves after `ms`, or at once when the signal aborts; it keeps the process alive. */
  pause(ms: number, signal?: AbortSignal): Promise<void>
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: readMonotonic,
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
  pause: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      signal?.addEventListener('abort', end)
    }),
}

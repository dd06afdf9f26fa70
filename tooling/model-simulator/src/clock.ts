import { setTimeout } from 'node:timers/promises'

/**
 * What the simulator takes from time: the moment of a request and the pauses between deltas.
 * A test may give its own; nothing else in this package knows the time.
 */
export interface Clock {
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  pause(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  pause: async (ms, signal) => {
    await setTimeout(ms, undefined, { signal }).catch(() => signal.throwIfAborted())
  },
}

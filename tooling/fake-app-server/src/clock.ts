import { setTimeout } from 'node:timers/promises'

/** The time that goes onto the wire, and pauses that an interrupt ends. */
export const now = () => Date.now()

export const seconds = () => Math.floor(now() / 1000)

// Rejects with the reason of the signal, where the timer would with an error of its own.
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => signal.throwIfAborted())
}

export function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

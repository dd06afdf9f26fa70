// A wake-up: whoever listens is called when something has changed, and looks for itself what. One
// that throws is logged: who changed something is done, and the others are called too.
import type { Log } from '../log/log.ts'

/** Tells listeners that something changed. Carries nothing. */
export type Signal = {
  notify(): void
  /** Calls `fn` at each notify until disposed. */
  listen(fn: () => void): Disposable
  /** The next notify; at once when `abort` is or becomes aborted (look at it after). */
  next(abort: AbortSignal): Promise<void>
}

/** A wake-up without state. Read first, then wait in the same step, and nothing is missed. */
export const makeSignal = (log: Pick<Log, 'error'>): Signal => {
  const listeners = new Set<() => void>()
  const listen = (fn: () => void): Disposable => {
    const own = () => fn()
    listeners.add(own)
    return { [Symbol.dispose]: () => void listeners.delete(own) }
  }
  const call = (listener: () => void): void => {
    try {
      listener()
    } catch (error) {
      log.error('signal.listener-threw', { error })
    }
  }
  return {
    notify() {
      for (const listener of listeners) call(listener)
    },
    listen,
    next: (abort) =>
      new Promise((resolve) => {
        if (abort.aborted) return resolve()
        const done = () => {
          listening[Symbol.dispose]()
          abort.removeEventListener('abort', done)
          resolve()
        }
        const listening = listen(done)
        abort.addEventListener('abort', done, { once: true })
      }),
  }
}

// A wake-up: whoever listens is called when something has changed, and looks for itself what.

/** Tells listeners that something changed. Carries nothing. */
export type Signal = {
  notify(): void
  /** Calls `fn` at each notify until disposed. */
  listen(fn: () => void): Disposable
  /** The next notify; at once when `abort` is or becomes aborted (look at it after). */
  next(abort: AbortSignal): Promise<void>
}

/** A wake-up without state. Read first, then wait in the same step, and nothing is missed. */
export const makeSignal = (): Signal => {
  const listeners = new Set<() => void>()
  const listen = (fn: () => void): Disposable => {
    const own = () => fn()
    listeners.add(own)
    return { [Symbol.dispose]: () => void listeners.delete(own) }
  }
  return {
    notify() {
      for (const listener of listeners) listener()
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

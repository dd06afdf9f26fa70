// Time, injected everywhere: the only file that reads the clock or sets a timer for the daemon.

/** The longest time that one timer of Node can wait, in ms (2^31 - 1); beyond it fires at once. */
export const TIMER_MAX = 2_147_483_647

/** Wall time, steady time and timers. */
export type Clock = {
  /** Epoch ms; may jump. */
  now(): number
  /** Ms from an arbitrary origin; never goes back: for timeouts and durations. */
  monotonic(): number
  /** Calls `fn` once after `ms` of steady time, however long; disposing calls it off. Does not keep the process alive. */
  at(ms: number, fn: () => void): Disposable
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  at: (ms, fn) => {
    const due = performance.now() + ms
    let timer: NodeJS.Timeout
    const arm = () => {
      const left = Math.max(0, due - performance.now())
      // A timer may fire a fraction of a millisecond early; only the last leg may call `fn`.
      timer = left > TIMER_MAX ? setTimeout(arm, TIMER_MAX) : setTimeout(fn, Math.ceil(left))
      timer.unref()
    }
    arm()
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

/** Keeps the process alive until disposed: no timer of the clock does, so whoever waits for one must. */
export const stayAlive = (): Disposable => {
  const timer = setInterval(() => undefined, TIMER_MAX)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

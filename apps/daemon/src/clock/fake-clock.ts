// A clock for tests: time stands until it is moved, and what falls due meanwhile runs in order.
import type { Clock } from './clock.ts'

/** A clock that the test moves. */
export type FakeClock = Clock & {
  /** Moves both times on, running what falls due, each at its own time. */
  advance(ms: number): void
  /** Sets the wall time alone, as a person or NTP does. */
  setNow(epochMs: number): void
  /** Timers that wait. */
  pending(): number
}

type Timer = { due: number; order: number; fn: () => void }

/** A clock that stands at `epochMs`. */
export const fakeClock = (epochMs = Date.UTC(2026, 0, 1)): FakeClock => {
  const timers = new Set<Timer>()
  let steady = 0
  let offset = epochMs
  let order = 0
  const nextDue = (limit: number): Timer | undefined =>
    [...timers]
      .filter((timer) => timer.due <= limit)
      .sort((a, b) => a.due - b.due || a.order - b.order)[0]
  return {
    now: () => offset + steady,
    monotonic: () => steady,
    at: (ms, fn) => {
      order += 1
      const timer = { due: steady + Math.max(0, ms), order, fn }
      timers.add(timer)
      return { [Symbol.dispose]: () => void timers.delete(timer) }
    },
    advance: (ms) => {
      const end = steady + ms
      for (let timer = nextDue(end); timer !== undefined; timer = nextDue(end)) {
        timers.delete(timer)
        steady = timer.due
        timer.fn()
      }
      steady = end
    },
    setNow: (now) => {
      offset = now - steady
    },
    pending: () => timers.size,
  }
}

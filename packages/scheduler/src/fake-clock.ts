// A clock for tests: time stands until it is moved. Wall and steady time are moved together or apart,
// as when a machine sleeps or its clock is set.
import type { AlarmClock } from './alarm.ts'

type Timer = { due: number; fn: () => void }

/** The longest time that one timer of Node can wait; a longer one fires at once. */
const TIMER_MAX = 2_147_483_647

/** A clock that the test moves. Like Node's, a timer of more than 24.8 days is refused. */
export const makeFakeClock = (start: number) => {
  const timers = new Set<Timer>()
  let offset = start
  let steady = 0
  const settle = () => new Promise<void>((resolve) => void setImmediate(resolve))
  const clock: AlarmClock = {
    now: () => offset + steady,
    monotonic: () => steady,
    at: (ms, fn) => {
      if (ms > TIMER_MAX) throw new RangeError(`A timer of ${ms} ms`)
      const timer = { due: steady + ms, fn }
      timers.add(timer)
      return { [Symbol.dispose]: () => void timers.delete(timer) }
    },
  }
  return {
    clock,
    /** Moves the wall alone. */
    jump: (ms: number) => void (offset += ms),
    /** Lets time pass; what falls due runs at its time, and what it starts is awaited. */
    pass: async (ms: number): Promise<void> => {
      const end = steady + ms
      await settle()
      for (;;) {
        const [timer] = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)
        if (timer === undefined) break
        timers.delete(timer)
        steady = timer.due
        timer.fn()
        await settle()
      }
      steady = end
      await settle()
    },
    pending: () => timers.size,
  }
}

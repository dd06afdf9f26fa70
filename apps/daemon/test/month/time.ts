// The time of a simulated month: it stands until it is moved. Each daemon has a clock of its own, whose
// timers die with it.
import type { Clock } from '../../src/clock/clock.ts'

type Timer = { due: number; isDead: () => boolean; fn: () => void }

/** The time, and who waits for it. */
export type Time = {
  now(): number
  /** A clock of one that may die. */
  clock(isDead: () => boolean): Clock
  /** Does that at a time. */
  at(due: number, fn: () => void): void
  /** Goes on to what is next, until `end`; false once there is nothing before it. */
  step(end: number): Promise<boolean>
}

/** Everything that was begun has come as far as it can without time. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 2; turn += 1) {
    await new Promise<void>((resolve) => void setImmediate(resolve))
  }
}

/** A generator of numbers in [0, 1) (mulberry32). */
export const makeChance = (seed: number) => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    is: (share: number): boolean => next() < share,
    one: <T>(choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0],
  }
}

/** Chance. */
export type Chance = ReturnType<typeof makeChance>

/** Makes the time. */
export const makeTime = (start: number): Time => {
  let now = start
  let timers: Timer[] = []

  const add = (timer: Timer): void => {
    let place = timers.length
    while (place > 0 && (timers[place - 1]?.due ?? 0) > timer.due) place -= 1
    timers.splice(place, 0, timer)
  }

  return {
    now: () => now,
    clock: (isDead) => ({
      now: () => now,
      monotonic: () => now - start,
      at: (ms, fn) => {
        const timer = { due: now + Math.max(0, ms), isDead, fn }
        add(timer)
        return { [Symbol.dispose]: () => void (timers = timers.filter((one) => one !== timer)) }
      },
    }),
    at: (due, fn) => add({ due, isDead: () => false, fn }),
    step: async (end) => {
      const timer = timers[0]
      if (timer === undefined || timer.due > end) return false
      timers.shift()
      now = Math.max(now, timer.due)
      if (!timer.isDead()) timer.fn()
      await settled()
      return true
    },
  }
}

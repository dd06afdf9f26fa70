// Chance that can be had again: everything a case does by chance comes from its seed.

/** A source of chance. */
export type Chance = {
  /** In [0, 1). */
  next(): number
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number
  /** True so often. */
  is(share: number): boolean
  /** One of them, by weight; undefined where none has any. */
  weighted<T>(choices: readonly { weight: number; value: T }[]): T | undefined
}

/** Makes the source of a seed (mulberry32). */
export const makeChance = (seed: number): Chance => {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    below: (below) => Math.floor(next() * below),
    is: (share) => next() < share,
    weighted: (choices) => {
      const total = choices.reduce((sum, { weight }) => sum + weight, 0)
      let left = next() * total
      return choices.find(({ weight }) => (left -= weight) < 0)?.value
    },
  }
}

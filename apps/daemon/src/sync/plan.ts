// Which stretches of a rollout file to read. Pure: the file is described, not touched.
//
//   nothing known, small or full   all of it                            -> everything is known
//   nothing known, large           its head and its tail                -> a gap
//   known, grown a little          from where reading stopped           -> as before
//   known, grown a lot             its tail                             -> a gap
//   known with a gap, full         all of it                            -> everything is known
import type { SyncPosition } from '@dispatch/store'

/** Bytes at either end that are read by default. */
export const END_BYTES = 256 * 1024

/** A stretch; `inside`: it begins in the middle of a line. */
export type Stretch = { from: number; to: number; inside: boolean }

/** What to read, and whether after it everything up to its end is known. */
export type Plan = {
  stretches: Stretch[]
  whole: boolean
  /** What was found before counts no more. */
  afresh: boolean
}

/** The plan for a file of that size; `known` is where reading stopped, null for a file not seen before. */
export const planOf = (size: number, known: SyncPosition | null, full: boolean): Plan => {
  if (known === null || (full && !known.whole)) {
    if (full || size <= 2 * END_BYTES) {
      return { stretches: [{ from: 0, to: size, inside: false }], whole: true, afresh: true }
    }
    return {
      stretches: [
        { from: 0, to: END_BYTES, inside: false },
        { from: size - END_BYTES, to: size, inside: true },
      ],
      whole: false,
      afresh: true,
    }
  }
  if (size === known.offset) return { stretches: [], whole: known.whole, afresh: false }
  if (full || size - known.offset <= 2 * END_BYTES) {
    const stretch = { from: known.offset, to: size, inside: false }
    return { stretches: [stretch], whole: known.whole, afresh: false }
  }
  return {
    stretches: [{ from: size - END_BYTES, to: size, inside: true }],
    whole: false,
    afresh: false,
  }
}

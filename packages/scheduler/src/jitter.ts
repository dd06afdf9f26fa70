// Delays that spread triggers of the same time. Reckoned, not drawn: after a restart an occurrence has
// the delay that it had before.
import { ScheduleError } from './errors.ts'

/** FNV-1a, then the last mixing of murmur3: neighbouring times must not have neighbouring delays. */
const hash = (text: string): number => {
  let mixed = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x01000193)
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

export type JitterQuestion = {
  /** Whose occurrence: the id of the trigger. */
  seed: string
  /** Its scheduled time, which stays its identity. */
  scheduledAt: number
  /** The longest delay, in ms. */
  maxMs: number
}

/** The delay of an occurrence, in whole ms from 0 to `maxMs`. @throws ScheduleError on a negative one. */
export const jitterMs = ({ seed, scheduledAt, maxMs }: JitterQuestion): number => {
  if (!(maxMs >= 0 && Number.isFinite(maxMs))) {
    throw new ScheduleError('jitter', `jitter: ${maxMs} ms is no delay; it has to be 0 or more.`)
  }
  return Math.floor((hash(`${seed}@${scheduledAt}`) / 2 ** 32) * (Math.floor(maxMs) + 1))
}

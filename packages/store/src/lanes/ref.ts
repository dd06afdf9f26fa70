// The short name of a thread: `0`, four characters of base58btc spread evenly over the hash of the
// thread id, one that settles collisions. Pure.
import { createHash } from 'node:crypto'

/** base58btc: no 0, O, I, l. */
export const REF_ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

const BASE = REF_ALPHABET.length
const STEMS = BASE ** 4

const stemAt = (number: number): string => {
  let rest = number
  let stem = ''
  for (let place = 0; place < 4; place += 1) {
    stem = REF_ALPHABET.charAt(rest % BASE) + stem
    rest = Math.floor(rest / BASE)
  }
  return `0${stem}`
}

// The remainder of 48 bits: leading digits of a base58 number would not be even.
const numberOf = (threadId: string): number =>
  createHash('sha256').update(threadId).digest().readUIntBE(26, 6) % STEMS

/** The first five characters of a thread's ref. */
export const refStem = (threadId: string): string => stemAt(numberOf(threadId))

/** The ref of a thread: the first that is not taken. When all 58 of a stem are, the next stem follows. */
export const chooseRef = (threadId: string, isTaken: (ref: string) => boolean): string => {
  for (let stem = numberOf(threadId); ; stem = (stem + 1) % STEMS) {
    for (const last of REF_ALPHABET) {
      const ref = stemAt(stem) + last
      if (!isTaken(ref)) return ref
    }
  }
}

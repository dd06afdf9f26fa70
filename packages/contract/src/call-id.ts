// Ids of calls: UUIDv7, so that what a call creates sorts by time.

type Source = { now(): number; random(bytes: Uint8Array): unknown }

const ID_BYTES = 10
// One draw for many ids: to ask the system for each costs more than the rest of a call.
const DRAW = ID_BYTES * 128

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Makes UUIDv7s of a clock and of randomness. */
export const makeCallIds = ({ now, random }: Source): (() => string) => {
  const drawn = new Uint8Array(DRAW)
  let used = DRAW

  const byteAt = (at: number): number => {
    const byte = drawn[used + at] ?? 0
    if (at === 0) return 0x70 | (byte & 0x0f)
    return at === 2 ? 0x80 | (byte & 0x3f) : byte
  }

  return () => {
    if (used === DRAW) {
      random(drawn)
      used = 0
    }
    const time = now().toString(16).padStart(12, '0')
    let rest = ''
    for (let at = 0; at < ID_BYTES; at += 1) {
      if (at === 2 || at === 4) rest += '-'
      rest += hexOf[byteAt(at)]
    }
    used += ID_BYTES
    return `${time.slice(0, 8)}-${time.slice(8)}-${rest}`
  }
}

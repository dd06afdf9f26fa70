// Ids of calls: UUIDv7, so that what a call creates sorts by time.

type Source = { now(): number; random(bytes: Uint8Array): unknown }

const toHex = (byte: number): string => byte.toString(16).padStart(2, '0')

/** Makes UUIDv7s of a clock and of randomness. */
export const makeCallIds =
  ({ now, random }: Source) =>
  (): string => {
    const bytes = new Uint8Array(16)
    random(bytes)
    let time = now()
    for (let at = 5; at >= 0; at -= 1) {
      bytes[at] = time % 256
      time = Math.floor(time / 256)
    }
    bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
    const hex = Array.from(bytes, toHex).join('')
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join('-')
  }

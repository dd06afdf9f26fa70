// Ids of calls that came without one: UUIDv7, so that what a call creates sorts by time.
import { randomFillSync } from 'node:crypto'
import { systemClock } from '../clock/clock.ts'

/** Makes a UUIDv7 of a time in epoch ms and of ten random bytes. */
export const toCallId = (now: number, random: Uint8Array): string => {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes.set(random, 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** A new id by the clock of the machine. */
export const newCallId = (): string =>
  toCallId(systemClock.now(), randomFillSync(new Uint8Array(10)))

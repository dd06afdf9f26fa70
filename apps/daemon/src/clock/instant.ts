// Instants as the port has them: ISO, in UTC. Tables have epoch ms.

// Many instants in a row are the same, and writing one costs as much as the rest of an event.
let written = { ms: Number.NaN, iso: '' }

/** The ISO form of epoch ms; null where there is no instant. */
export function msToIso(ms: number): string
export function msToIso(ms: number | null | undefined): string | null
export function msToIso(ms: number | null | undefined): string | null {
  if (ms == null) return null
  if (ms !== written.ms) written = { ms, iso: new Date(ms).toISOString() }
  return written.iso
}

// Instants as the port has them: ISO, in UTC. Tables have epoch ms.

/** The ISO form of epoch ms; null where there is no instant. */
export function msToIso(ms: number): string
export function msToIso(ms: number | null | undefined): string | null
export function msToIso(ms: number | null | undefined): string | null {
  return ms == null ? null : new Date(ms).toISOString()
}

// How long to wait before the app-server is started again: at once after a server that had run
// well, then doubling with jitter up to half a minute.

const FIRST_MS = 250
const LAST_MS = 30_000

/** Milliseconds before try number `attempt` (0 for the first). */
export const backoffMs = (attempt: number, random: () => number): number => {
  if (attempt === 0) return 0
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** (attempt - 1))
  return Math.round(full * (0.5 + random() / 2))
}

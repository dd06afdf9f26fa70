// The wall clock.

/** Milliseconds since the epoch. */
export const now = (): number => Date.now()

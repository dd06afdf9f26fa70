// A caller's key as the registry keeps it.

/** One row of `idempotencyKeys`; times in epoch ms. */
export type IdempotencyKeyRow = { key: string; inputHash: string; callId: string; at: number }

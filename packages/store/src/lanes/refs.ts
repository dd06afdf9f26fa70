// The refs ever given: one for each thread, never deleted, so never given twice.

/** Repository of the refs. */
export type Refs = {
  /** The ref of a thread: the one it has, else a new one, stored. Part of the caller's transaction. */
  allocate(threadId: string): string
  /** The ref of a thread, or null when it never had one. */
  get(threadId: string): string | null
}

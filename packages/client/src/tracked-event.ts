// An event as a subscription gives it.

/** `cursor` is what to resume after, null where the event is live only. */
export type TrackedEvent<T = unknown> = { cursor: string | null; data: T }

// The day of a release.

/** The date in UTC, as `2027-01-31`. */
export const today = (): string => new Date().toISOString().slice(0, 10)

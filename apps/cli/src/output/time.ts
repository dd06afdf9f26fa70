// Times as people read them: how long ago, and the clock of an event.

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** Whether a text is an instant of the contract. */
export const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && instant.test(value)

// Seconds as the two units that matter.
const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole}s`
  if (whole < 3_600) return `${Math.floor(whole / 60)}m`
  if (whole < 86_400) return `${Math.floor(whole / 3_600)}h ${Math.floor((whole % 3_600) / 60)}m`
  return `${Math.floor(whole / 86_400)}d ${Math.floor((whole % 86_400) / 3_600)}h`
}

/** How long ago an instant was; within two seconds it is `now`. */
export const ago = (iso: string, now: number): string => {
  const seconds = (now - Date.parse(iso)) / 1_000
  if (Math.abs(seconds) < 2) return 'now'
  return seconds < 0 ? `in ${duration(-seconds)}` : `${duration(seconds)} ago`
}

/** The clock time of an instant, where the reader is: `14:03:09`. */
export const clockTime = (iso: string): string => {
  const at = new Date(iso)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

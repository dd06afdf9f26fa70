// The caller's IANA zone. Asking Intl loads ICU data (4 to 13 ms of a start of 40), so the usual
// places are looked at first: TZ, and the link that /etc/localtime is.
import { readlinkSync } from 'node:fs'

const name = /^[A-Za-z]+(\/[A-Za-z0-9_+-]+)+$/

const fromIntl = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

const linkedZone = (link: string): string | null => {
  try {
    return readlinkSync(link).split('/zoneinfo/')[1] ?? null
  } catch (thrown) {
    // Without that file a system is on UTC.
    return (thrown as { code?: unknown }).code === 'ENOENT' ? 'UTC' : null
  }
}

/** The zone that an environment is in; `link` is the system's setting. */
export const callerZone = (tz: string | undefined, link = '/etc/localtime'): string => {
  if (tz === 'UTC') return 'UTC'
  if (tz !== undefined) return name.test(tz) ? tz : fromIntl()
  const linked = linkedZone(link)
  return linked === 'UTC' || (linked !== null && name.test(linked)) ? linked : fromIntl()
}

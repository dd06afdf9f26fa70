// Which zones there are. Node knows the zones of IANA by all their names but lists only the chief ones.
import { ScheduleError } from '../errors.ts'
import { nearestWord } from '../nearest.ts'

const OFFSET = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d\d))?$/i

const cityOf = (zone: string): string => zone.slice(zone.lastIndexOf('/') + 1)

/** By its name, or by its city alone, as people write it: `berlin`, `New York`. */
const nearestZone = (text: string): string | null => {
  const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')]
  const wanted = text.trim().replaceAll(' ', '_')
  const city = cityOf(wanted).toLowerCase()
  const named = zones.find((zone) => cityOf(zone).toLowerCase() === city)
  if (named !== undefined) return named
  const near = nearestWord(wanted, zones)
  if (near !== null) return near
  const nearCity = nearestWord(city, zones.map(cityOf))
  return zones.find((zone) => cityOf(zone) === nearCity) ?? null
}

/** The longest name of IANA has 32 characters. */
const shorten = (text: string): string => (text.length > 64 ? `${text.slice(0, 64)}…` : text)

/** The zone with a fixed offset; its sign is the other way round in IANA. */
const fixedZone = (sign: string, hours: number, minutes: number): string | null => {
  if (minutes !== 0 || hours > (sign === '+' ? 14 : 12)) return null
  return hours === 0 ? 'UTC' : `Etc/GMT${sign === '+' ? '-' : '+'}${hours}`
}

/** The zone's name in its usual case. @throws ScheduleError with the nearest known one. */
export const requireZone = (zone: string): string => {
  const [, sign, hours, minutes] = OFFSET.exec(zone.trim()) ?? []
  if (sign !== undefined) {
    throw new ScheduleError(
      'zone',
      `“${zone}” is an offset, not a zone: a zone such as Europe/Berlin also knows when clocks shift.`,
      fixedZone(sign, Number(hours), Number(minutes ?? 0)),
    )
  }
  try {
    const known = new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone
    // An alias resolves to another name; who wrote US/Eastern shall read it again.
    return known.toLowerCase() === zone.toLowerCase() ? known : zone
  } catch {
    throw new ScheduleError(
      'zone',
      `“${shorten(zone)}” is not a time zone of IANA.`,
      nearestZone(zone),
    )
  }
}

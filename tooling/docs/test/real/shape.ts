// The shape of output that a session shows: what differs from run to run is left open, and how wide columns
// are; the rest is as it stands there.

// What stands in a session for what another run has differently: the place, a ref, a time, an age.
const different = /(\/tmp\/relay|\b0[0-9A-Za-z]{5}\b|\b\d\d:\d\d:\d\d\b|\bnow\b|\s+)/

/** A pattern of exactly that text. */
export const literal = (text: string): string =>
  text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

const patternOf = (part: string, place: string): string => {
  if (part === '/tmp/relay') return literal(place)
  if (part === 'now') return String.raw`(?:now|\d+s)`
  if (/^\s+$/.test(part)) return String.raw`\s+`
  return /^0\w{5}$/.test(part) ? String.raw`0\w{5}` : String.raw`\d\d:\d\d:\d\d`
}

/** What fits such output, written in that place, and whether it is that of a refusal. */
export const shapeOf = (shown: string, place: string): { pattern: RegExp; isRefusal: boolean } => {
  const parts = shown
    .trim()
    .split(different)
    .map((part, at) => (at % 2 === 0 ? literal(part) : patternOf(part, place)))
  return {
    pattern: new RegExp(String.raw`^\s*${parts.join('')}\s*$`),
    isRefusal: shown.startsWith('dispatch: '),
  }
}

// One item of a field, such as 9-17/2: its values. Owns how values, names, ranges and steps are read;
// what may be written, and what is said of the rest, is field.ts.

/** What a field may hold. `names[0]` is a name of `min`. To 7 are days of the week: Sunday is 0 and 7. */
export type FieldSpan = { min: number; max: number; names: readonly string[] }

const SUNDAY = 7

const isWeek = ({ max }: FieldSpan): boolean => max === SUNDAY

const textToValue = ({ min, max, names }: FieldSpan, text: string): number | null => {
  const name = names.indexOf(text.toLowerCase())
  const value = name >= 0 ? min + name : /^\d+$/.test(text) ? Number(text) : -1
  return value >= min && value <= max ? value : null
}

/** First and last value of what is written as a range; null where it is none. */
const rangeToEnds = (span: FieldSpan, range: string): [number, number] | null => {
  const [first = '', second = first, ...more] = range.split('-')
  const from = textToValue(span, first)
  const to = textToValue(span, second)
  if (from === null || to === null || more.length > 0) return null
  // A range may end with Sunday, as fri-sun.
  if (isWeek(span) && to === 0 && from > 0) return [from, SUNDAY]
  return to < from ? null : [from, to]
}

/** The last value from which on steps go, where no range ends before: Sunday is in a week once. */
const lastOf = (span: FieldSpan, from: number): number =>
  isWeek(span) ? Math.max(from, SUNDAY - 1) : span.max

/** The values of an item in ascending order, or null where it has none. Sunday is 0, 7 or both. */
export const itemToValues = (span: FieldSpan, item: string): readonly number[] | null => {
  const [range = '', step] = item.split('/')
  const ends = range === '*' ? ([span.min, span.max] as const) : rangeToEnds(span, range)
  const every = step === undefined ? 1 : Number(step)
  if (ends === null || !(every >= 1)) return null
  const [from] = ends
  const isOpen = step !== undefined && range !== '*' && !range.includes('-')
  const to = isOpen ? lastOf(span, from) : ends[1]
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, at) => from + at * every)
}

// One field of a cron expression: what it may hold, and what it means. Owns the grammar of a field;
// which fields there are together, and what to write instead of the whole, is expression.ts.
import { ScheduleError, type ScheduleField } from '../errors.ts'
import { nearestWord } from '../nearest.ts'

/** What a field may hold. `names[0]` is a name of `min`. */
export type FieldRule = {
  field: ScheduleField
  min: number
  max: number
  names: readonly string[]
}

/** A field as it was read. */
export type FieldValues = {
  /** Whether a value is in it; the index is the value. Sunday is 0 alone. */
  has: readonly boolean[]
  /** It begins with `*`: cron then takes it for unrestricted, also with a step. */
  star: boolean
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** The five fields, in their order. */
export const FIELD_RULES: readonly FieldRule[] = [
  { field: 'minute', min: 0, max: 59, names: [] },
  { field: 'hour', min: 0, max: 23, names: [] },
  { field: 'day of month', min: 1, max: 31, names: [] },
  { field: 'month', min: 1, max: 12, names: MONTHS },
  { field: 'day of week', min: 0, max: 7, names: DAYS },
]

const allowed = ({ min, max, names }: FieldRule): string =>
  names.length === 0
    ? `${min} to ${max}`
    : `${min} to ${max} or ${names[0]} to ${names.at(-1)}${max === 7 ? ' (0 and 7 are Sunday)' : ''}`

/** What is wrong with a part of a field, and what the part should be. */
class FieldFault extends Error {
  readonly bad: string
  readonly instead: string | null

  constructor(message: string, bad: string, instead: string | null = null) {
    super(message)
    this.bad = bad
    this.instead = instead
  }
}

/** What a value outside of the range most likely means: 24 o'clock, minute 60, month 0, a long name. */
const nearestValue = (rule: FieldRule, text: string): string | null => {
  if (!/^\d+$/.test(text)) {
    const start = text.toLowerCase().slice(0, 3)
    return rule.names.find((name) => name === start) ?? nearestWord(text, rule.names)
  }
  const value = Number(text)
  if (value < rule.min) return String(rule.min)
  return value === rule.max + 1 && rule.min === 0 && rule.names.length === 0 ? '0' : null
}

const readValue = (rule: FieldRule, text: string): number => {
  const named = rule.names.indexOf(text.toLowerCase())
  if (named !== -1) return rule.min + named
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (value >= rule.min && value <= rule.max) return value
  throw new FieldFault(
    `“${text}” is not one of its values, ${allowed(rule)}.`,
    text,
    nearestValue(rule, text),
  )
}

const readStep = (rule: FieldRule, text: string): number => {
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (step === 0) {
    throw new FieldFault(`“/${text}” is no step; a step is a whole number from 1.`, `/${text}`, '')
  }
  // A step of the whole field, as */60, says what its author means: at its beginning.
  if (step <= (rule.max === 7 ? 7 : rule.max - rule.min + 1)) return step
  throw new FieldFault(
    `a step of ${text} is longer than the field, ${rule.min} to ${rule.max}; it starts again there.`,
    text,
  )
}

/** `22-6` as two ranges, which is what cron can say. */
const unrolled = (rule: FieldRule, from: number, to: number): string => {
  const max = rule.max === 7 ? 6 : rule.max
  const range = (a: number, b: number) => (a === b ? String(a) : `${a}-${b}`)
  return `${range(from, max)},${range(rule.min, to)}`
}

const readRange = (rule: FieldRule, range: string): [number, number] => {
  if (range === '*') return [rule.min, rule.max === 7 ? 6 : rule.max]
  const [from = '', to, ...more] = range.split('-')
  if (more.length > 0) {
    throw new FieldFault(`“${range}” is no range; a range is one value, “-”, another.`, range)
  }
  const low = readValue(rule, from)
  if (to === undefined) return [low, low]
  const high = readValue(rule, to)
  // fri-sun: as an end of a range, Sunday is the seventh day.
  if (rule.max === 7 && high === 0 && low > 0) return [low, 7]
  if (high >= low) return [low, high]
  throw new FieldFault(`“${range}” runs backwards.`, range, unrolled(rule, low, high))
}

const readItem = (rule: FieldRule, item: string, has: boolean[]): void => {
  if (item === '') throw new FieldFault('an item of its list is empty.', '', '')
  const [range = '', step, ...more] = item.split('/')
  if (more.length > 0) throw new FieldFault(`“${item}” has two steps.`, item, `${range}/${step}`)
  if (range === '?') throw new FieldFault('“?” is of another cron; any value is “*”.', '?', '*')
  const [low, high] = readRange(rule, range)
  const every = step === undefined ? 1 : readStep(rule, step)
  // As most crons have it, 5/15 is 5-59/15.
  const open = step !== undefined && low === high && !range.includes('-')
  const last = open ? Math.max(low, rule.max === 7 ? 6 : rule.max) : high
  for (let value = low; value <= last; value += every) {
    has[rule.max === 7 ? value % 7 : value] = true
  }
}

/** Reads a field. @throws ScheduleError whose suggestion is the whole field, mended. */
export const readField = (rule: FieldRule, text: string): FieldValues => {
  const has: boolean[] = Array.from({ length: rule.max + 1 }, () => false)
  const items = text.split(',')
  for (const item of items) {
    try {
      readItem(rule, item, has)
    } catch (fault) {
      if (!(fault instanceof FieldFault)) throw fault
      const { bad, instead } = fault
      const mended = items.map((each) => (each === item ? each.replace(bad, instead ?? '') : each))
      const suggestion = instead === null ? null : mended.filter((each) => each !== '').join(',')
      throw new ScheduleError(rule.field, `${rule.field}: ${fault.message}`, suggestion)
    }
  }
  return { has, star: text.startsWith('*') }
}

// One field of a cron expression: what it may hold, and why something may not be in it. What an item
// of it means is item.ts; which fields there are together, and what to write instead, expression.ts.
import { ScheduleError, type ScheduleField } from '../errors.ts'
import { nearestWord } from '../nearest.ts'
import { type FieldSpan, itemToValues } from './item.ts'

/** The name of a field. */
export type FieldKey = 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek'

/** A field: what it may hold, and what it is called. */
export type FieldRule = FieldSpan & { key: FieldKey; field: ScheduleField }

/** A field as it was read. */
export type FieldValues = {
  /** Whether a value is in it; the index is the value. Sunday is 0 alone. */
  has: readonly boolean[]
  /** It begins with `*`: cron then takes it for unrestricted, also with a step. */
  star: boolean
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** A value as it may be written, and an item of such. */
const VALUE = /^(?:\d{1,4}|[a-z]{3})$/i
const ITEM = /^(?:\*|(?:\d{1,4}|[a-z]{3})(?:-(?:\d{1,4}|[a-z]{3}))?)(?:\/\d{1,4})?$/i

/** The five fields, in their order. */
export const FIELD_RULES: readonly FieldRule[] = [
  { key: 'minute', field: 'minute', min: 0, max: 59, names: [] },
  { key: 'hour', field: 'hour', min: 0, max: 23, names: [] },
  { key: 'dayOfMonth', field: 'day of month', min: 1, max: 31, names: [] },
  { key: 'month', field: 'month', min: 1, max: 12, names: MONTHS },
  { key: 'dayOfWeek', field: 'day of week', min: 0, max: 7, names: DAYS },
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

const isValue = (rule: FieldRule, text: string): boolean =>
  VALUE.test(text) && itemToValues(rule, text) !== null

const isStep = (text: string): boolean => /^\d{1,4}$/.test(text) && Number(text) > 0

/** `22-6` as two ranges, which is what cron can say; `7-2` as one. */
const unrolled = (rule: FieldRule, range: string): string => {
  const valueOf = (end: string): number => {
    const [value = 0] = itemToValues(rule, end) ?? []
    return rule.max === 7 ? value % 7 : value
  }
  const [from = 0, to = 0] = range.split('-').map(valueOf)
  const max = rule.max === 7 ? 6 : rule.max
  const write = (a: number, b: number) => (a === b ? String(a) : `${a}-${b}`)
  return from <= to ? write(from, to) : `${write(from, max)},${write(rule.min, to)}`
}

/** Why an item was refused. */
const itemToFault = (rule: FieldRule, item: string): FieldFault => {
  if (item === '') return new FieldFault('an item of its list is empty.', '', '')
  const [range = '', step, ...more] = item.split('/')
  if (more.length > 0) return new FieldFault(`“${item}” has two steps.`, item, `${range}/${step}`)
  if (range === '?') return new FieldFault('“?” is of another cron; any value is “*”.', '?', '*')
  const ends = range === '*' ? [] : range.split('-')
  if (ends.length > 2) {
    return new FieldFault(`“${range}” is no range; a range is one value, “-”, another.`, range)
  }
  const bad = ends.find((end) => !isValue(rule, end))
  if (bad !== undefined) {
    const message = `“${bad}” is not one of its values, ${allowed(rule)}.`
    return new FieldFault(message, bad, nearestValue(rule, bad))
  }
  return step === undefined || isStep(step)
    ? new FieldFault(`“${range}” runs backwards.`, range, unrolled(rule, range))
    : new FieldFault(`“/${step}” is no step; a step is a whole number from 1.`, `/${step}`, '')
}

const readItem = (rule: FieldRule, item: string): readonly number[] => {
  // Other crons have ?, L, W, # and H.
  const values = ITEM.test(item) ? itemToValues(rule, item) : null
  if (values === null) throw itemToFault(rule, item)
  const [, step] = item.split('/')
  // A step of the whole field, as */60, says what its author means: at its beginning.
  if (step === undefined || Number(step) <= (rule.max === 7 ? 7 : rule.max - rule.min + 1)) {
    return values
  }
  throw new FieldFault(
    `a step of ${step} is longer than the field, ${rule.min} to ${rule.max}; it starts again there.`,
    step,
  )
}

/** Reads a field. @throws ScheduleError whose suggestion is the whole field, mended. */
export const readField = (rule: FieldRule, text: string): FieldValues => {
  const has: boolean[] = Array.from({ length: rule.max + 1 }, () => false)
  const items = text.split(',')
  for (const item of new Set(items)) {
    try {
      for (const value of readItem(rule, item)) has[rule.max === 7 ? value % 7 : value] = true
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

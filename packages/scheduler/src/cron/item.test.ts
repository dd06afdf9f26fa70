import { CronExpressionParser } from 'cron-parser'
import { describe, expect, it } from 'vitest'
import { FIELD_RULES, type FieldKey } from './field.ts'
import { itemToValues } from './item.ts'

const KEYS: readonly FieldKey[] = ['minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek']

// cron-parser counts days of the week to 7: a range cannot end in Sunday as 0, and 5/1 has it too.
const usual = (key: FieldKey, item: string): string =>
  key === 'dayOfWeek'
    ? item
        .replace(/^(?!sun|0+-|\*)(.+)-(?:sun|0+)(?=\/|$)/i, '$1-7')
        .replace(/^(?!0*7\/|\*)([^-]+)\//, '$1-6/')
    : item

const byCronParser = (key: FieldKey, item: string): readonly number[] | null => {
  const fields = KEYS.map((each) => (each === key ? usual(key, item) : '*'))
  const asked = { currentDate: new Date(0), tz: 'UTC' }
  try {
    return CronExpressionParser.parse(fields.join(' '), asked).fields[key].values.map(Number)
  } catch {
    return null
  }
}

const daysOf = (key: FieldKey, values: readonly number[] | null): string =>
  values === null
    ? 'none'
    : [...new Set(values.map((value) => (key === 'dayOfWeek' ? value % 7 : value)))]
        .toSorted((a, b) => a - b)
        .join()

const numbers = ['0', '1', '2', '5', '6', '7', '8', '11', '12', '13', '23', '24', '31', '32', '59']
const odd = ['60', '99', '1000', '00', '07', '007', 'jan', 'DEC', 'Sep', 'sun', 'SAT', 'Fri', 'xyz']
const values = [...numbers, ...odd]
const steps = ['', '/0', '/1', '/2', '/3', '/7', '/07', '/60', '/100']
const ranges = values.flatMap((from) => values.map((to) => `${from}-${to}`))
const items = ['*', ...values, ...ranges].flatMap((range) => steps.map((step) => range + step))

describe('an item', () => {
  it.each(FIELD_RULES)('has the values that cron-parser gives it: $key', (rule) => {
    const differing = items.filter(
      (item) =>
        daysOf(rule.key, itemToValues(rule, item)) !==
        daysOf(rule.key, byCronParser(rule.key, item)),
    )
    expect(items.length).toBeGreaterThan(7_000)
    expect(differing).toEqual([])
  })
})

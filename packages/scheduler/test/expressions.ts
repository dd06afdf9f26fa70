// Expressions at random, as people write them.
import fc from 'fast-check'

const value = (min: number, max: number) => fc.integer({ min, max }).map(String)

const range = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`)

/** A field: a value, a list of other values, a range, each perhaps with a step. */
const field = (min: number, max: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: value(min, max) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }).map((step) => `*/${step}`) },
    { weight: 1, arbitrary: range(min, max) },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(fc.integer({ min, max }), { minLength: 2, maxLength: 4 })
        .map((values) => values.join(',')),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(range(min, max), fc.integer({ min: 1, max: 5 }))
        .map(([span, step]) => `${span}/${step}`),
    },
  )

/** Days without a step behind `*`: crons differ in what that means beside the other field of days. */
const days = (min: number, max: number) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('*') },
    { weight: 1, arbitrary: value(min, max) },
    { weight: 1, arbitrary: range(min, max) },
  )

/** Any expression. */
export const anyExpression = fc
  .tuple(field(0, 59), field(0, 23), days(1, 28), fc.constant('*'), days(0, 6))
  .map((fields) => fields.join(' '))

/** Any expression, some of which run in some months alone. */
export const anyExpressionOfAYear = fc
  .tuple(field(0, 59), field(0, 23), days(1, 28), field(1, 12), days(0, 6))
  .map((fields) => fields.join(' '))

const overlapping = (min: number, max: number) => {
  const item = fc.oneof(
    value(min, max),
    range(min, max),
    fc
      .tuple(range(min, max), fc.integer({ min: 1, max: 5 }))
      .map(([span, step]) => `${span}/${step}`),
  )
  return fc.array(item, { minLength: 1, maxLength: 6 }).map((items) => items.join(','))
}

/** Any expression of lists whose items may hold the same values. */
export const anyOverlap = fc
  .tuple(
    overlapping(0, 59),
    overlapping(0, 23),
    fc.constant('*'),
    overlapping(1, 12),
    overlapping(0, 7),
  )
  .map((fields) => fields.join(' '))

import { expect, test } from 'vitest'
import { toCell } from './cell.ts'

test.each([
  [['low', 'high'], 'low, high'],
  [{ fast: 'priority', slow: 2 }, 'fast=priority, slow=2'],
  [['1970-01-01T00:00:05.000Z', '1970-01-01T01:00:00.000Z'], 'in 5s, in 1h 0m'],
  [[], '-'],
  [{}, '-'],
  [[{ a: 1 }], '[{"a":1}]'],
  [{ a: null }, '{"a":null}'],
])('%j is %s', (value, cell) => {
  expect(toCell(value, { now: 0 })).toBe(cell)
})

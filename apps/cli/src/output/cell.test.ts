import { expect, test } from 'vitest'
import { toCell } from './cell.ts'

test.each([
  [['low', 'high'], 'low, high'],
  [{ fast: 'priority', slow: 2 }, 'fast=priority, slow=2'],
  [[], '-'],
  [{}, '-'],
  [[{ a: 1 }], '[{"a":1}]'],
  [{ a: null }, '{"a":null}'],
])('%j is %s', (value, cell) => {
  expect(toCell(value, { now: 0 })).toBe(cell)
})

import { describe, expect, it } from 'vitest'
import { paintMarks } from './marks.ts'
import { renderTable } from './table-view.ts'
import type { Screen } from './screen.ts'

const screen = (more: Partial<Screen> = {}): Screen => ({
  columns: 80,
  color: true,
  now: 0,
  isFile: false,
  ...more,
})

const read = (text: string): string =>
  text.replaceAll('\u001b[33m', '<').replaceAll('\u001b[39m', '>')

describe('marks in a cell', () => {
  const value = 'the schema has drifted'
  const marks = [
    [4, 10],
    [15, 22],
  ]
  it.each([
    ['the schema has drifted   ', 'the <schema> has <drifted>   '],
    ['the schema has dr\u2026', 'the <schema> has <dr>\u2026'],
    ['the sch\u2026', 'the <sch>\u2026'],
    ['the\u2026', 'the\u2026'],
    ['something else', 'something else'],
  ])('%j', (cell, painted) =>
    expect(read(paintMarks(screen(), cell, { value, marks }))).toBe(painted),
  )

  it('is plain without colours, and on what are no marks', () => {
    expect(paintMarks(screen({ color: false }), value, { value, marks })).toBe(value)
    for (const odd of [null, 'x', [[1]], [['a', 2]], [[5, 3]], [[90, 99]]]) {
      expect(paintMarks(screen(), value, { value, marks: odd })).toBe(value)
    }
  })

  it('stands out in a table', () => {
    const columns = [
      { field: 'ref', title: 'REF' },
      { field: 'snippet', title: 'FOUND', bright: 'marks' },
    ]
    const rows = [{ ref: 'a', snippet: value, marks }]
    expect(read(renderTable({ rows, columns, empty: '' }, screen()))).toContain(
      'a    the <schema> has <drifted>',
    )
  })
})

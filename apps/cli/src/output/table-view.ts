// A table: aligned by display width, and where the terminal is too narrow the widest columns give.
import type { Column } from '@dispatch/contract/manifest'
import { toCell, valueAt } from './cell.ts'
import { paintMarks } from './marks.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { pad, truncate, widthOf } from './width.ts'

const GAP = 2
const LEAST = 6

type Fitted = { column: Column; at: number; width: number }

// Takes columns off the widest until the row fits, never below what still says something. Where that is
// not enough the last ones go: what people type on stays, and stays whole.
const fit = (fitted: readonly Fitted[], columns: number): readonly Fitted[] => {
  const widths = fitted.map(({ width }) => width)
  const total = (): number => widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1))
  // A state of which the marks are cut off says less than one that is not there.
  const widthThatGives = (at: number): number => {
    const { whole = false, marks = [] } = fitted[at]?.column ?? {}
    return whole || marks.length > 0 ? 0 : (widths[at] ?? 0)
  }
  while (total() > columns) {
    const widest = Math.max(...widths.map((_, at) => widthThatGives(at)))
    if (widest <= LEAST) break
    const at = widths.findIndex((_, one) => widthThatGives(one) === widest)
    widths[at] = Math.max(LEAST, widest - (total() - columns), Math.floor(widest * 0.9))
  }
  const last = fitted.findLastIndex(({ column }) => !column.whole)
  if (total() > columns && last > 0) return fit(fitted.toSpliced(last, 1), columns)
  return fitted.map((one, at) => ({ ...one, width: widths[at] ?? 0 }))
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

const cellOf = (row: unknown, { field, marks = [] }: Column, screen: Screen): string =>
  [
    toCell(valueAt(row, field), screen),
    ...marks.filter((mark) => valueAt(row, mark) === true).map(lastName),
  ].join(', ')

type Table = { rows: readonly unknown[]; columns: readonly Column[]; empty: string }

/** The table as text. */
export const renderTable = ({ rows, columns, empty }: Table, screen: Screen): string => {
  if (rows.length === 0) return `${empty}\n`
  const cells = rows.map((row) => columns.map((column) => cellOf(row, column, screen)))
  const natural = columns.map((column, at) => ({
    column,
    at,
    width: Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[at] ?? ''))),
  }))
  const fitted = fit(natural, screen.columns)
  const line = (
    row: readonly string[],
    style: (text: string, padded: string, at: number) => string,
  ): string =>
    fitted
      .map(({ at, width }, place) => {
        const cut = truncate(row[at] ?? '', width)
        return style(row[at] ?? '', place === fitted.length - 1 ? cut : pad(cut, width), at)
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  const head = line(
    columns.map(({ title }) => title),
    (_text, padded) => paint(screen, 'dim', padded),
  )
  const styled = (from: unknown, at: number, [text, padded]: readonly [string, string]): string => {
    const { field = '', bright } = columns[at] ?? {}
    return bright === undefined
      ? paintState(screen, text, padded)
      : paintMarks(screen, padded, { value: valueAt(from, field), marks: valueAt(from, bright) })
  }
  const body = cells.map((row, index) =>
    line(row, (text, padded, at) => styled(rows[index], at, [text, padded])),
  )
  return `${[head, ...body].join('\n')}\n`
}

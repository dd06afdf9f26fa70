// A table: aligned by display width, and where the terminal is too narrow the widest columns give. Where
// not even a state would have room beside a name, each row is a card.
import type { Column } from '@dispatch/contract/manifest'
import { renderCards } from './card-view.ts'
import { stateIn, toCell, valueAt } from './cell.ts'
import { paintMarks } from './marks.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { fitColumns, GAP, isId } from './table-fit.ts'
import { visibleLine } from './visible.ts'
import { pad, truncate, widthOf } from './width.ts'

const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

const markOf = (row: unknown, mark: string): string[] => {
  const value = valueAt(row, mark)
  if (value === true) return [lastName(mark)]
  return typeof value === 'string' ? [visibleLine(value)] : []
}

const cellOf = (row: unknown, { field, marks = [] }: Column, screen: Screen): string =>
  [toCell(valueAt(row, field), screen), ...marks.flatMap((mark) => markOf(row, mark))].join(', ')

type Table = { rows: readonly unknown[]; columns: readonly Column[]; empty: string }

/** The table as text. */
export const renderTable = ({ rows, columns, empty }: Table, screen: Screen): string => {
  if (rows.length === 0) return `${empty}\n`
  const cells = rows.map((row) => columns.map((column) => cellOf(row, column, screen)))
  const natural = columns.map((column, at) => ({
    column,
    at,
    width: Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[at] ?? ''))),
    hasIds: cells.some((row) => isId(row[at] ?? '')),
    isEmpty: cells.every((row) => row[at] === '-'),
  }))
  const fitted = fitColumns(natural, screen.columns)
  if (fitted === null) return renderCards({ columns: natural, cells }, screen)
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
    const column = columns[at]
    if (column === undefined) return padded
    const { field, bright } = column
    return bright === undefined
      ? paintState(screen, stateIn(column, text), padded)
      : paintMarks(screen, padded, { value: valueAt(from, field), marks: valueAt(from, bright) })
  }
  const body = cells.map((row, index) =>
    line(row, (text, padded, at) => styled(rows[index], at, [text, padded])),
  )
  return `${[head, ...body].join('\n')}\n`
}

// The rows of a table one below the other, for a terminal that is too narrow for columns: what people
// type on first, whole, then a line for each of the others that says something.
import { stateIn } from './cell.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { type Fitted, GAP } from './table-fit.ts'
import { pad, truncate, widthOf } from './width.ts'
import { wrapText } from './wrap.ts'

// Of a long text the beginning is enough to know it: what fills about so many rows.
const MOST_ROWS = 3
// Beside a title even the narrowest terminal has that.
const LEAST_ROOM = 8

type Cards = { columns: readonly Fitted[]; cells: readonly (readonly string[])[] }

const headOf = (names: readonly string[], { columns }: Screen): string => {
  const line = names.join(' '.repeat(GAP))
  return widthOf(line) <= columns ? line : names.join('\n')
}

/** The cards as text; `cells` has a row of texts for each, by the places of the columns. */
export const renderCards = ({ columns, cells }: Cards, screen: Screen): string => {
  const names = columns.filter(({ column }) => column.whole)
  const others = columns.filter(({ column, isEmpty }) => !column.whole && !isEmpty)
  const width = Math.max(0, ...others.map(({ column }) => widthOf(column.title)))
  const room = Math.max(LEAST_ROOM, screen.columns - width - 2 * GAP)
  const fieldLines = ({ column, hasIds }: Fitted, cell: string): string[] => {
    // A part of an id names nothing.
    if (hasIds && widthOf(cell) > room) return []
    const rows = wrapText(truncate(cell, MOST_ROWS * room), room)
    return rows.map((row, at) => {
      const label = paint(screen, 'dim', pad(at === 0 ? column.title : '', width))
      const text = paintState(screen, stateIn(column, cell), row)
      return `${' '.repeat(GAP)}${label}${' '.repeat(GAP)}${text}`
    })
  }
  return cells
    .flatMap((row) => [
      headOf(
        names.map(({ at }) => row[at] ?? ''),
        screen,
      ),
      ...others
        .filter(({ at }) => row[at] !== '-')
        .flatMap((one) => fieldLines(one, row[one.at] ?? '')),
    ])
    .map((line) => `${line}\n`)
    .join('')
}

// A table: aligned by display width, and where the terminal is too narrow the widest columns give.
import type { Column } from '@dispatch/contract/manifest'
import { toCell, valueAt } from './cell.ts'
import { paintMarks } from './marks.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { pad, truncate, widthOf } from './width.ts'

const GAP = 2
// Words of states, and times, are no longer: cut, they say nothing.
const LEAST = 11
// A name, cut, is still told from others.
const LEAST_NAME = 24
// Beside an id that may go, the others keep more.
const LEAST_BESIDE_ID = 16

type Fitted = {
  column: Column
  at: number
  width: number
  hasIds: boolean
  /** Whether no row says anything there. */
  isEmpty: boolean
}

// A part of an id names nothing, and looks as if it did.
const isId = (cell: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(cell)

// A state of which the marks are cut off says less than one that is not there.
const mayGive = ({ column: { whole, marks = [] }, hasIds }: Fitted): boolean =>
  whole !== true && !hasIds && marks.length === 0

// Beside what is shorter to type on, a long name leaves half of the room to the rest.
const halved = (fitted: readonly Fitted[], columns: number): readonly Fitted[] => {
  const first = fitted.findIndex(({ column }) => column.whole)
  return fitted.map((one, at) =>
    one.column.whole && !one.hasIds && at > first
      ? { ...one, width: Math.min(one.width, Math.max(LEAST_NAME, Math.floor(columns / 2))) }
      : one,
  )
}

// Takes columns off the widest until the row fits, never below what still says something. Where that is
// not enough ids go that nobody types on, then the last ones: what people type on stays, and stays whole.
const shrink = (fitted: readonly Fitted[], columns: number): readonly Fitted[] => {
  const widths = fitted.map(({ width }) => width)
  const total = (): number => widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1))
  const idToGo = fitted.findLastIndex(({ column, hasIds }) => hasIds && !column.whole)
  const least = idToGo < 0 ? LEAST : LEAST_BESIDE_ID
  while (total() > columns) {
    const giving = fitted.map((one, at) => (mayGive(one) ? (widths[at] ?? 0) : 0))
    const widest = Math.max(...giving)
    if (widest <= least) break
    const at = giving.indexOf(widest)
    widths[at] = Math.max(least, widest - (total() - columns), Math.floor(widest * 0.9))
  }
  const last = fitted.findLastIndex(({ column }) => !column.whole)
  const goes = idToGo > 0 ? idToGo : last
  if (total() > columns && goes > 0) return shrink(fitted.toSpliced(goes, 1), columns)
  return fitted.map((one, at) => ({ ...one, width: widths[at] ?? 0 }))
}

const widthOfAll = (fitted: readonly Fitted[]): number =>
  fitted.reduce((sum, { width }) => sum + width, GAP * (fitted.length - 1))

// Columns in which no row says anything make room first.
const fit = (fitted: readonly Fitted[], columns: number): readonly Fitted[] => {
  if (widthOfAll(fitted) <= columns) return fitted
  const silent = fitted.findLastIndex(({ isEmpty }) => isEmpty)
  return silent > 0
    ? fit(fitted.toSpliced(silent, 1), columns)
    : shrink(halved(fitted, columns), columns)
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
    hasIds: cells.some((row) => isId(row[at] ?? '')),
    isEmpty: cells.every((row) => row[at] === '-'),
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

// A list in columns whose widths go by the terminal alone: what changes in a row never moves another
// one. The row that is meant has a mark, and stands out where there are colours.
import { paint, paintState, type Screen } from '../../../output/screen.ts'
import { pad, truncate } from '../../../output/width.ts'

/** A column. */
export type GridColumn<Row> = {
  title: string
  /** Least width. */
  width: number
  /** Its share of what is left over. */
  grows?: number
  /** Columns of the terminal from which on it is shown. */
  from?: number
  cell(row: Row, now: number): string
}

type Fitted<Row> = { column: GridColumn<Row>; width: number }

const GAP = 2
const MARK = '▸ '

const fit = <Row>(columns: readonly GridColumn<Row>[], total: number): Fitted<Row>[] => {
  const shown = columns.filter(({ from = 0 }) => total >= from)
  const used = shown.reduce((sum, { width }) => sum + width + GAP, MARK.length - GAP)
  const shares = shown.reduce((sum, { grows = 0 }) => sum + grows, 0)
  const left = Math.max(0, total - used)
  return shown.map((column) => ({
    column,
    width: column.width + (shares === 0 ? 0 : Math.floor((left * (column.grows ?? 0)) / shares)),
  }))
}

type Grid<Row> = {
  columns: readonly GridColumn<Row>[]
  /** The rows that are seen. */
  rows: readonly Row[]
  /** Which of them is meant. */
  selected: number
}

/** The list, its titles first. */
export const renderGrid = <Row>(
  { columns, rows, selected }: Grid<Row>,
  screen: Screen,
): string[] => {
  const fitted = fit(columns, screen.columns)
  const line = (cells: readonly string[], style: (cell: string, padded: string) => string) =>
    cells
      .map((cell, at) => {
        const width = fitted[at]?.width ?? 0
        return style(cell, pad(truncate(cell, width), width))
      })
      .join(' '.repeat(GAP))
  const head = line(
    fitted.map(({ column }) => column.title),
    (_cell, padded) => paint(screen, 'dim', padded),
  )
  const body = rows.map((row, at) => {
    const cells = fitted.map(({ column }) => column.cell(row, screen.now))
    if (at !== selected) {
      return `  ${line(cells, (cell, padded) => paintState(screen, cell.split(/[ ,]/)[0] ?? '', padded))}`
    }
    return paint(
      screen,
      'inverse',
      truncate(MARK + line(cells, (_cell, padded) => padded), screen.columns),
    )
  })
  return [`  ${head}`, ...body]
}

// A table: aligned by display width, and where the terminal is too narrow the widest columns give.
import type { Column } from '@dispatch/contract/manifest'
import { toCell, valueAt } from './cell.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { pad, truncate, widthOf } from './width.ts'

const GAP = 2
const LEAST = 6

// Takes columns off the widest until the row fits, never below what still says something.
const fitWidths = (widths: number[], columns: number): number[] => {
  const fitted = [...widths]
  const total = (): number => fitted.reduce((sum, width) => sum + width, GAP * (fitted.length - 1))
  while (total() > columns) {
    const widest = fitted.indexOf(Math.max(...fitted))
    const width = fitted[widest] ?? 0
    if (width <= LEAST) break
    fitted[widest] = Math.max(LEAST, width - (total() - columns), Math.floor(width * 0.9))
  }
  return fitted
}

type Table = { rows: readonly unknown[]; columns: readonly Column[]; empty: string }

/** The table as text. */
export const renderTable = ({ rows, columns, empty }: Table, screen: Screen): string => {
  if (rows.length === 0) return `${empty}\n`
  const cells = rows.map((row) => columns.map(({ field }) => toCell(valueAt(row, field), screen)))
  const natural = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...cells.map((row) => widthOf(row[at] ?? ''))),
  )
  const widths = fitWidths(natural, screen.columns)
  const line = (row: readonly string[], style: (text: string, padded: string) => string): string =>
    row
      .map((text, at) => {
        const width = widths[at] ?? 0
        const cut = truncate(text, width)
        return style(text, at === row.length - 1 ? cut : pad(cut, width))
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  const head = line(
    columns.map(({ title }) => title),
    (_text, padded) => paint(screen, 'dim', padded),
  )
  const body = cells.map((row) => line(row, (text, padded) => paintState(screen, text, padded)))
  return `${[head, ...body].join('\n')}\n`
}

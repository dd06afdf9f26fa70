// The rows of an emulated terminal as runs of text in one style each, broken where there are gaps, so that
// each run has a column of its own to stand at.
import type { IBufferCell, Terminal } from '@xterm/headless'

/** How a run looks; colours are those of the palette, by number. */
export type Look = { color: number | null; bold: boolean; dim: boolean; inverse: boolean }

/** A run: its first column, how many columns it takes, its text. */
export type Run = Look & { column: number; columns: number; text: string }

/** Columns whose colours are turned round. */
export type Shade = { column: number; columns: number }

/** A row of the screen, from left to right. */
export type Row = { runs: readonly Run[]; shades: readonly Shade[] }

/** Whether nothing stands in it. */
export const isBlank = ({ runs, shades }: Row): boolean => runs.length + shades.length === 0

const lookOf = (cell: IBufferCell): Look => ({
  color: cell.isFgPalette() ? cell.getFgColor() : null,
  bold: cell.isBold() !== 0,
  dim: cell.isDim() !== 0,
  inverse: cell.isInverse() !== 0,
})

const isSameLook = (one: Look, other: Look): boolean =>
  one.color === other.color &&
  one.bold === other.bold &&
  one.dim === other.dim &&
  one.inverse === other.inverse

// A gap ends a run: what stands behind it is aligned with what stands above it, in any font.
const goesOn = (last: Run, look: Look, column: number): boolean =>
  isSameLook(last, look) && last.column + last.columns === column && !last.text.endsWith('  ')

const trimmed = (run: Run): Run => {
  const text = run.text.trimEnd()
  return { ...run, text, columns: run.columns - (run.text.length - text.length) }
}

const rowAt = (terminal: Terminal, y: number): Row => {
  const line = terminal.buffer.active.getLine(y)
  const runs: Run[] = []
  const shades: Shade[] = []
  for (let column = 0; column < terminal.cols; column += 1) {
    const cell = line?.getCell(column)
    const columns = cell?.getWidth() ?? 0
    if (cell === undefined || columns === 0) continue
    const [look, text] = [lookOf(cell), cell.getChars() || ' ']
    const shade = shades.at(-1)
    if (look.inverse && shade && shade.column + shade.columns === column) shade.columns += columns
    else if (look.inverse) shades.push({ column, columns })
    const last = runs.at(-1)
    if (last && goesOn(last, look, column)) {
      runs[runs.length - 1] = { ...last, text: last.text + text, columns: last.columns + columns }
    } else if (text !== ' ') runs.push({ ...look, column, columns, text })
  }
  return { runs: runs.map(trimmed), shades }
}

/** The rows that are on the screen now. */
export const rowsOf = (terminal: Terminal): Row[] =>
  Array.from({ length: terminal.rows }, (_, at) =>
    rowAt(terminal, terminal.buffer.active.viewportY + at),
  )

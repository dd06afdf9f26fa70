// Parts of a cell that stand out, by their places in the value that is shown.
import { type Screen, paint } from './screen.ts'

type Marked = { value: unknown; marks: unknown }

const isPair = (mark: unknown): mark is [number, number] =>
  Array.isArray(mark) && mark.length === 2 && mark.every((one) => Number.isInteger(one))

/** The cell with its marks; plain where it does not show the value as it is, from its beginning. */
export const paintMarks = (screen: Screen, cell: string, { value, marks }: Marked): string => {
  if (!screen.color || typeof value !== 'string' || !Array.isArray(marks)) return cell
  // A cell that was cut ends with an ellipsis, and one that was filled up with blanks.
  const shown = cell.trimEnd()
  const same = shown === value.trimEnd() ? shown.length : shown.replace(/\u2026$/, '').length
  if (!value.startsWith(shown.slice(0, same))) return cell
  let painted = ''
  let at = 0
  for (const [from, to] of marks.filter(isPair)) {
    const end = Math.min(to, same)
    if (from < at || end <= from) continue
    painted += cell.slice(at, from) + paint(screen, 'yellow', cell.slice(from, end))
    at = end
  }
  return painted + cell.slice(at)
}

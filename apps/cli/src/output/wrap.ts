// Text in rows of a width: broken at blanks where there are some, at whole characters elsewhere, and
// measured as terminals show it. Pure.
import { visible } from './visible.ts'
import { widthOf } from './width.ts'

const segmenter = new Intl.Segmenter()

/** So many code units may share a column; of more the rest goes to the next row. */
const UNITS = 8

// As many characters as fit, at least one; looks at no more than a row, so that long lines take no longer.
const fitting = (text: string, columns: number): number => {
  const row = text.slice(0, columns + 1)
  if (/^[ -~]*$/.test(row)) return Math.min(columns, row.length)
  let width = 0
  let end = 0
  for (const { segment, index } of segmenter.segment(text.slice(0, columns * UNITS))) {
    width += widthOf(segment)
    if (width > columns && end > 0) return end
    end = index + segment.length
  }
  return end
}

// Whether the word there has room in a row of its own; looks no further than that.
const hasRoom = (text: string, from: number, columns: number): boolean => {
  const near = text.slice(from, from + columns + 1)
  const end = near.indexOf(' ')
  const isWhole = end >= 0 || from + near.length === text.length
  return isWhole && widthOf(end < 0 ? near : near.slice(0, end)) <= columns
}

const breakLine = (line: string, columns: number): string[] => {
  const rows: string[] = []
  let rest = line
  for (;;) {
    const end = fitting(rest, columns)
    if (end >= rest.length) return [...rows, rest]
    const blank = rest.lastIndexOf(' ', end)
    // An id or a path stays whole. A word that has to be broken anyway leaves no row mostly empty.
    const isAtBlank =
      blank > end / 2 ||
      (rest.slice(0, Math.max(0, blank)).trim() !== '' && hasRoom(rest, blank + 1, columns))
    const at = isAtBlank ? blank : end
    rows.push(rest.slice(0, at))
    rest = rest.slice(at).trimStart()
  }
}

/** The rows of a text; what would act on the terminal is made visible. */
export const wrapText = (text: string, columns: number): string[] =>
  visible(text)
    .trimEnd()
    .replaceAll('\t', '    ')
    .split('\n')
    .flatMap((line) => breakLine(line.trimEnd(), Math.max(1, columns)))

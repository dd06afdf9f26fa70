// Text in rows of a width: broken at blanks where there are some, at whole characters elsewhere, and
// measured as terminals show it. Pure.
import { visible } from '../../../output/visible.ts'
import { widthOf } from '../../../output/width.ts'

const segmenter = new Intl.Segmenter()

// As many characters as fit, at least one.
const fitting = (text: string, columns: number): number => {
  let width = 0
  let end = 0
  for (const { segment, index } of segmenter.segment(text.slice(0, columns * 8))) {
    width += widthOf(segment)
    if (width > columns && end > 0) return end
    end = index + segment.length
  }
  return end
}

const breakLine = (line: string, columns: number): string[] => {
  const rows: string[] = []
  let rest = line
  while (widthOf(rest) > columns) {
    const end = fitting(rest, columns)
    const blank = rest.lastIndexOf(' ', end)
    // A blank near the beginning would leave most of the row empty.
    const at = blank > end / 2 ? blank : end
    rows.push(rest.slice(0, at))
    rest = rest.slice(at).trimStart()
  }
  return [...rows, rest]
}

/** The rows of a text; what would act on the terminal is made visible. */
export const wrapText = (text: string, columns: number): string[] =>
  visible(text)
    .trimEnd()
    .replaceAll('\t', '    ')
    .split('\n')
    .flatMap((line) => breakLine(line.trimEnd(), Math.max(1, columns)))

// Widths on a terminal: wide characters take two columns, combined ones share theirs.
import stringWidth from 'string-width'

const isPlain = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text)

/** Columns that a text takes. */
export const widthOf = (text: string): number => (isPlain(text) ? text.length : stringWidth(text))

/** A text filled up with blanks to `columns`. */
export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)))

/** A text cut to `columns`, with an ellipsis where something was cut off. */
export const truncate = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text
  if (isPlain(text)) return columns < 1 ? '' : `${text.slice(0, columns - 1)}…`
  let cut = ''
  let width = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const own = widthOf(segment)
    if (width + own > columns - 1) break
    cut += segment
    width += own
  }
  return columns < 1 ? '' : `${cut}…`
}

// The SVG of rows: a terminal with its frame, light or dark as whoever looks has it. Every run says how
// long it is, so that columns line up in any font. Pure.
import type { Row, Run, Shade } from './cells.ts'

/** Pixels of a cell. */
export const CELL = { width: 8.4, height: 18 } as const
const PADDING = 16
// From the top of a row down to where letters stand.
const BASELINE = 13.5

const colors: Record<string, { light: string; dark: string }> = {
  t: { light: '#1f2328', dark: '#d1d7e0' },
  d: { light: '#67707a', dark: '#8d96a0' },
  r: { light: '#c62a35', dark: '#ff7b72' },
  g: { light: '#1a7f37', dark: '#56d364' },
  y: { light: '#8a5a00', dark: '#e3b341' },
  c: { light: '#0b6e80', dark: '#56d4dd' },
  s: { light: '#f6f8fa', dark: '#12171e' },
  e: { light: '#d0d7de', dark: '#30363d' },
}

const classOfColor = ['t', 'r', 'g', 'y', 't', 't', 'c', 't']

const fills = (scheme: 'light' | 'dark'): string =>
  Object.entries(colors)
    .map(([name, color]) => `.${name}{fill:${color[scheme]}}`)
    .join('')

const style = [
  'text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}',
  '.b{font-weight:700}',
  fills('light'),
  `@media(prefers-color-scheme:dark){${fills('dark')}}`,
].join('')

// Text as XML has it.
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const pixels = (length: number): string => String(Math.round(length * 10) / 10)

const classesOf = ({ color, bold, dim, inverse }: Run): string => {
  const tone = dim ? 'd' : (classOfColor[color ?? 0] ?? 't')
  return [inverse ? 's' : tone, ...(bold ? ['b'] : [])].join(' ')
}

const runMarkup = (run: Run): string => {
  const x = pixels(run.column * CELL.width)
  const length = pixels(run.columns * CELL.width)
  return `<text class="${classesOf(run)}" x="${x}" y="${BASELINE}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(run.text)}</text>`
}

const shadeMarkup = ({ column, columns }: Shade): string =>
  `<rect class="t" x="${pixels(column * CELL.width)}" width="${pixels(columns * CELL.width)}" height="${CELL.height}"/>`

/** A row, its top at 0; '' where nothing stands in it. */
export const rowMarkup = ({ runs, shades }: Row): string =>
  [...shades.map(shadeMarkup), ...runs.map(runMarkup)].join('')

/** So many rows lower. */
export const atRow = (row: number, markup: string): string =>
  markup === '' ? '' : `<g transform="translate(0 ${row * CELL.height})">${markup}</g>\n`

/** What is in a picture: who cannot see it is told by `title`; `style` is added to that of all. */
export type Picture = { title: string; columns: number; rows: number; body: string; style?: string }

/** The file. */
export const pictureMarkup = ({
  title,
  columns,
  rows,
  body,
  style: more = '',
}: Picture): string => {
  const inner = { width: columns * CELL.width, height: rows * CELL.height }
  const width = pixels(inner.width + 2 * PADDING)
  const height = pixels(inner.height + 2 * PADDING)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}${more}.e{stroke-width:1;stroke:#8886;fill:none}</style>`,
    `<rect class="s" x=".5" y=".5" width="${pixels(inner.width + 2 * PADDING - 1)}" height="${pixels(inner.height + 2 * PADDING - 1)}" rx="8"/>`,
    `<rect class="e" x=".5" y=".5" width="${pixels(inner.width + 2 * PADDING - 1)}" height="${pixels(inner.height + 2 * PADDING - 1)}" rx="8"/>`,
    `<svg x="${PADDING}" y="${PADDING}" width="${pixels(inner.width)}" height="${pixels(inner.height)}">`,
    `${body}</svg>`,
    '</svg>\n',
  ].join('\n')
}

// Name and value, a line a field; nested ones indented, lists as dashes. Sentences are broken where the
// terminal ends, behind their indentation; a word, such as a path, is left whole for who copies it.
import { toCell } from './cell.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { isInstant } from './time.ts'
import { visible, visibleLine } from './visible.ts'
import { pad, widthOf } from './width.ts'
import { wrapText } from './wrap.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Words of a list stand in one line, sentences in one each.
const isSentence = (value: unknown): boolean =>
  typeof value === 'string' && value.trim().includes(' ')

// Inside of a field, what is not there is not shown: it would be most of the lines.
const present = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

const isNested = (value: unknown): boolean =>
  (isObject(value) && Object.keys(present(value)).length > 0) ||
  (Array.isArray(value) &&
    value.some((one) => (typeof one === 'object' && one !== null) || isSentence(one))) ||
  (typeof value === 'string' && value.trim().includes('\n'))

// Of nested names, dashes, and what stands behind a name.
const INDENT = 2
// Narrower, sentences are harder to read than lines that the terminal breaks.
const LEAST = 16

const scalar = (value: unknown, screen: Screen): string => {
  if (Array.isArray(value)) {
    return value.length === 0 ? '-' : value.map((one) => toCell(one, screen)).join(', ')
  }
  if (isObject(value)) return '-'
  const text = toCell(value, screen)
  return isInstant(value) ? `${text}  ${paint(screen, 'dim', value)}` : paintState(screen, text)
}

const wrapped = (text: string, { columns }: Screen): string[] =>
  Number.isFinite(columns) && widthOf(text) > columns && isSentence(text)
    ? wrapText(text, Math.max(LEAST, columns))
    : [text]

// What is a state or a time has colours, and is short.
const scalarLines = (value: unknown, screen: Screen): string[] =>
  isInstant(value) ? [scalar(value, screen)] : wrapped(scalar(value, screen), screen)

const narrower = (screen: Screen, by: number): Screen => ({
  ...screen,
  columns: screen.columns - by,
})

const nestedLines = (value: unknown, screen: Screen): string[] => {
  if (typeof value === 'string') {
    return visible(value)
      .trimEnd()
      .split('\n')
      .flatMap((line) => wrapped(line, screen))
  }
  if (!Array.isArray(value)) return fieldLines(present(value as Record<string, unknown>), screen)
  const inner = narrower(screen, INDENT)
  return value.flatMap((one) => {
    const lines = isObject(one)
      ? fieldLines(present(one), inner)
      : wrapped(toCell(one, screen), inner)
    return lines.map((line, at) => `${at === 0 ? '- ' : '  '}${line}`)
  })
}

const fieldLines = (fields: Record<string, unknown>, screen: Screen): string[] => {
  const entries = Object.entries(fields)
  const width = Math.max(
    0,
    ...entries.filter(([, value]) => !isNested(value)).map(([name]) => widthOf(visibleLine(name))),
  )
  return entries.flatMap(([name, value]) => {
    const label = visibleLine(name)
    if (isNested(value)) {
      const lines = nestedLines(value, narrower(screen, INDENT))
      return [paint(screen, 'dim', label), ...lines.map((line) => `  ${line}`)]
    }
    const [first = '', ...more] = scalarLines(value, narrower(screen, width + INDENT))
    return [
      `${paint(screen, 'dim', pad(label, width))}  ${first}`,
      ...more.map((line) => ' '.repeat(width + INDENT) + line),
    ]
  })
}

/** The fields as text. */
export const renderFields = (value: unknown, screen: Screen): string =>
  isObject(value) ? `${fieldLines(value, screen).join('\n')}\n` : `${scalar(value, screen)}\n`

// A value in one line: a cell of a table, a hole of a template.
import type { Column } from '@dispatch/contract/manifest'
import type { Screen } from './screen.ts'
import { ago, isInstant } from './time.ts'
import { visibleLine } from './visible.ts'

/** The value at a path such as `latestTurn.status`; undefined where the way ends. */
export const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, key)
          ? (at as Record<string, unknown>)[key]
          : undefined,
      value,
    )

/** A value where a text is expected; anything else is `otherwise`. */
export const asText = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' ? value : otherwise

// A few words, or words by name, read better without the marks of JSON.
const wordsOf = (value: object, { now }: Pick<Screen, 'now'>): string | null => {
  const isPlain = (one: unknown): boolean => typeof one === 'string' || typeof one === 'number'
  if (Array.isArray(value))
    return value.every(isPlain)
      ? value.map((one) => (isInstant(one) ? ago(one, now) : one)).join(', ')
      : null
  const entries = Object.entries(value)
  return entries.every(([, one]) => isPlain(one))
    ? entries.map(([name, one]) => `${name}=${String(one)}`).join(', ')
    : null
}

/** A value in one line. */
export const toCell = (value: unknown, screen: Pick<Screen, 'now'>): string => {
  if (value === null || value === undefined || value === '') return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (isInstant(value)) return ago(value, screen.now)
  if (typeof value === 'string') return visibleLine(value)
  if (typeof value === 'object') {
    return visibleLine(wordsOf(value, screen) ?? JSON.stringify(value)) || '-'
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '-'
}

/** What a cell says a state is in: its marks stand behind it, as in "idle, held". */
export const stateIn = ({ marks }: Pick<Column, 'marks'>, cell: string): string =>
  marks === undefined ? cell : (cell.split(',')[0] ?? '')

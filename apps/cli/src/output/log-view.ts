// Records of the process log: time, level, message, the rest as key=value.
import { asText, toCell } from './cell.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { clockTime, isInstant } from './time.ts'
import { visibleLine } from './visible.ts'

type LogRecord = { at?: unknown; level?: unknown; message?: unknown; fields?: unknown }

/** One record as text. */
export const renderLogRecord = (record: unknown, screen: Screen): string => {
  const { at, level, message, fields } = record as LogRecord
  const rest = Object.entries((fields ?? {}) as Record<string, unknown>)
    .map(([name, value]) => `${visibleLine(name)}=${toCell(value, screen)}`)
    .join(' ')
  const word = visibleLine(asText(level))
  const parts = [
    isInstant(at) ? paint(screen, 'dim', clockTime(at)) : '',
    paintState(screen, word, word.padEnd(5)),
    visibleLine(asText(message)),
    paint(screen, 'dim', rest),
  ]
  return `${parts.filter(Boolean).join('  ')}\n`
}

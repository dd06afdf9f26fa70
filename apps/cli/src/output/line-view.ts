// One line from a template; or, where the answer has a message, that message alone.
import type { View } from '@dispatch/contract/manifest'
import { toCell, valueAt } from './cell.ts'
import { type Screen, paintState } from './screen.ts'
import { visible } from './visible.ts'

// A file gets what was said to the last character: it may be a patch.
const messageToText = (message: string, { isFile }: Screen): string => {
  const text = isFile ? message : visible(message).trimEnd()
  return text.endsWith('\n') ? text : `${text}\n`
}

/** The line as text. */
export const renderLine = (
  value: unknown,
  view: Extract<View, { kind: 'line' }>,
  screen: Screen,
): string => {
  const message = view.message === undefined ? null : valueAt(value, view.message)
  if (typeof message === 'string') return messageToText(message, screen)
  const line = view.template.replace(/\{([^}]+)\}/g, (_hole, path: string) =>
    paintState(screen, toCell(valueAt(value, path), screen)),
  )
  return `${line.trimEnd()}\n`
}

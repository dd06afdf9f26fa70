// Picks the renderer of a view: for a whole answer, and for a stream of events.
import type { View } from '@dispatch/contract/manifest'
import { valueAt } from './cell.ts'
import { makeEventRenderer } from './events-view.ts'
import { renderFields } from './fields-view.ts'
import { renderFindings } from './findings-view.ts'
import { renderItems, renderTailEvent } from './items-view.ts'
import { renderLine } from './line-view.ts'
import { renderLogRecord } from './log-view.ts'
import type { Screen } from './screen.ts'
import { renderTable } from './table-view.ts'

const rowsAt = (value: unknown, path: string): readonly object[] => {
  const rows = valueAt(value, path)
  return Array.isArray(rows) ? rows : []
}

/** A whole answer as text. */
export const renderAnswer = (value: unknown, view: View, screen: Screen): string => {
  switch (view.kind) {
    case 'table':
      return renderTable({ ...view, rows: rowsAt(value, view.rows) }, screen)
    case 'items':
      return renderItems(rowsAt(value, view.rows), screen)
    case 'line':
      return view.instead && rowsAt(value, view.instead.rows).length > 0
        ? renderAnswer(value, view.instead, screen)
        : renderLine(value, view, screen)
    case 'findings':
      return renderFindings(value, view, screen)
    case 'log':
      return rowsAt(value, view.rows ?? '')
        .map((record) => renderLogRecord(record, screen))
        .join('')
    case 'fields':
    case 'events':
    case 'item':
    case 'raw':
      return renderFields(value, screen)
  }
}

/** Turns one event after the other into text; `streams`: whether streamed text is shown. */
export const makeStreamRenderer = (
  view: View,
  screen: Screen,
  streams: boolean,
): ((event: unknown) => string) => {
  switch (view.kind) {
    case 'events':
      return makeEventRenderer(screen, streams)
    case 'item':
      return (event) => renderTailEvent(event, screen)
    case 'log':
      return (event) => renderLogRecord(event, screen)
    case 'line':
      return (event) => renderLine(event, view, screen)
    default:
      return (event) => renderFields(event, screen)
  }
}

/** What an answer says beside its view, a line each: notes, warnings, and how to go on after a page. */
export const remarksOf = (value: unknown): string[] => {
  const said = ['notes', 'warnings'].flatMap((name) => {
    const lines = valueAt(value, name)
    return Array.isArray(lines) ? lines.filter((line) => typeof line === 'string') : []
  })
  const next = valueAt(value, 'nextCursor')
  return typeof next === 'string' ? [...said, `there is more: --cursor ${next}`] : said
}

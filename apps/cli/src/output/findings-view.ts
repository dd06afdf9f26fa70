// Findings: a line each, what is more to say and what to do next below it.
import { stripVTControlCharacters } from 'node:util'
import type { View } from '@dispatch/contract/manifest'
import { asText, valueAt } from './cell.ts'
import { renderLine } from './line-view.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { visible, visibleLine } from './visible.ts'
import { widthOf } from './width.ts'
import { wrapText } from './wrap.ts'

type Finding = Record<'status' | 'name' | 'summary' | 'detail' | 'recovery', unknown>

// Narrower, a text is harder to read than lines that the terminal breaks.
const LEAST = 24

// Behind their label, each row below the one before.
const hanging = (head: string, text: string, screen: Screen): string[] => {
  const indent = ' '.repeat(widthOf(stripVTControlCharacters(head)) + 1)
  const room = Math.max(LEAST, screen.columns - indent.length)
  const rows = Number.isFinite(room) ? wrapText(text, room) : visible(text).trimEnd().split('\n')
  return rows.map((row, at) => `${at === 0 ? `${head} ` : indent}${row}`)
}

const below = (label: string, value: unknown, screen: Screen): string[] => {
  if (typeof value !== 'string' || value === '') return []
  return hanging(`         ${paint(screen, 'dim', label)}`, value, screen)
}

const findingLines = (finding: Finding, screen: Screen): string[] => {
  const status = visibleLine(asText(finding.status))
  const room = ' '.repeat(Math.max(0, 'skipped'.length - status.length))
  const summary = visibleLine(asText(finding.summary))
  const said = `${visibleLine(asText(finding.name))}: ${summary}`
  return [
    ...hanging(`[${paintState(screen, status)}]${room}`, said, screen),
    ...below('detail:', finding.detail, screen),
    ...below('next:', finding.recovery, screen),
  ]
}

/** The findings as text, below a line that sums them up. */
export const renderFindings = (
  value: unknown,
  view: Extract<View, { kind: 'findings' }>,
  screen: Screen,
): string => {
  const rows = valueAt(value, view.rows)
  const lines = (Array.isArray(rows) ? rows : []).flatMap((row) =>
    findingLines(row as Finding, screen),
  )
  const head = renderLine(value, { kind: 'line', template: view.template }, screen)
  return [head, ...lines.map((line) => `${line}\n`)].join('')
}

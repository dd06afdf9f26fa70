// Findings: a line each, what is more to say and what to do next below it.
import type { View } from '@dispatch/contract/manifest'
import { asText, valueAt } from './cell.ts'
import { renderLine } from './line-view.ts'
import { type Screen, paint, paintState } from './screen.ts'
import { visible, visibleLine } from './visible.ts'

type Finding = Record<'status' | 'name' | 'summary' | 'detail' | 'recovery', unknown>

const below = (label: string, value: unknown, screen: Screen): string[] => {
  if (typeof value !== 'string' || value === '') return []
  const indent = ' '.repeat(10 + label.length)
  const text = visible(value).trimEnd().replaceAll('\n', `\n${indent}`)
  return [`         ${paint(screen, 'dim', label)} ${text}`]
}

const findingLines = (finding: Finding, screen: Screen): string[] => {
  const status = visibleLine(asText(finding.status))
  const room = ' '.repeat(Math.max(0, 'skipped'.length - status.length))
  const summary = visibleLine(asText(finding.summary))
  return [
    `[${paintState(screen, status)}]${room} ${visibleLine(asText(finding.name))}: ${summary}`,
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

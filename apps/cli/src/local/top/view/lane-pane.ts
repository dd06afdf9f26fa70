// A lane that is open: what it is, what is with it, and its text, which follows its end.
import type { LaneDetail } from '@dispatch/contract'
import { paint, paintState, type Screen } from '../../../output/screen.ts'
import { ago } from '../../../output/time.ts'
import { visibleLine } from '../../../output/visible.ts'
import { truncate, widthOf } from '../../../output/width.ts'
import { transcriptHeight } from '../model/layout.ts'
import { cutReasonOf } from '../model/order.ts'
import type { OpenLane, TopState } from '../model/state.ts'
import { rowsSeen, type TextRow } from '../model/transcript.ts'

const renderRow = (row: TextRow, screen: Screen): string => {
  if (row.kind === 'text') return row.text
  const { type, rest, status } = row
  return [paint(screen, 'bold', type), paint(screen, 'dim', rest), paintState(screen, status)]
    .filter(Boolean)
    .join('  ')
}

const headOf = (detail: LaneDetail, screen: Screen): string => {
  const { handle, ref, status, activeTurn, model, cwd, title } = detail
  const time = activeTurn?.startedAt
    ? ago(activeTurn.startedAt, screen.now).replace(/ ago$/, '')
    : ''
  const rest = [time, model ?? '', cwd, title].filter(Boolean).join('  ')
  const name = visibleLine(`${handle} ${ref}`)
  const room = Math.max(0, screen.columns - widthOf(name) - widthOf(status) - 4)
  return [
    paint(screen, 'bold', name),
    paintState(screen, status),
    truncate(visibleLine(rest), room),
  ].join('  ')
}

// The one thing about it that a person has to know first.
const besideOf = (state: TopState, { detail, id, error }: OpenLane): string => {
  if (error !== null) return error
  const asked = state.requests.find(({ lane }) => lane?.id === id)
  if (asked) return `asks: ${asked.summary}   (a shows all of it)`
  if (detail?.stalledReason) return `stalled: ${detail.stalledReason}`
  const cut = detail && cutReasonOf(detail)
  if (cut) return `its turn was cut off: ${cut}   (s sends on)`
  const { queue, goal, usage } = detail ?? {}
  const parts = [
    ...(queue && queue.count > 0 ? [`${queue.count} waiting${queue.held ? ', held' : ''}`] : []),
    ...(goal ? [`goal ${goal.status}: ${goal.objective}`] : []),
    ...(usage ? [`${usage.totalTokens} tokens`] : []),
  ]
  return parts.join('   ')
}

/** The rows of the body. */
export const renderLane = (state: TopState, open: OpenLane, screen: Screen): string[] => {
  const { columns } = screen
  const rows = rowsSeen(open, { columns, height: transcriptHeight(state) })
  const below = open.above > 0 ? ` ${open.above} more rows below: End ` : ''
  const rule = '─'.repeat(Math.max(0, columns - widthOf(below)))
  const isEmpty = rows.length === 0 && open.error === null
  return [
    open.detail ? headOf(open.detail, screen) : 'Reading the lane …',
    truncate(visibleLine(besideOf(state, open)), columns),
    paint(screen, 'dim', truncate(rule + below, columns)),
    ...(isEmpty ? [paint(screen, 'dim', '  Nothing was said yet.')] : []),
    ...rows.map((row) => renderRow(row, screen)),
  ]
}

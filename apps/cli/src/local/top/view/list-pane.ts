// The list that is shown, with as many rows as there is room for; below requests, all that is asked.
import type { Request } from '@dispatch/contract'
import { paint, type Screen } from '../../../output/screen.ts'
import { truncate, widthOf } from '../../../output/width.ts'
import { visibleLine } from '../../../output/visible.ts'
import { bodyRows, firstShown, listHeight, requestHeight } from '../model/layout.ts'
import { countNeeding, cutReasonOf } from '../model/order.ts'
import { requestRows } from '../model/request-text.ts'
import { placeOf, rowsOf, type RowOf, selectedRow } from '../model/rows.ts'
import type { TopState, View } from '../model/state.ts'
import {
  laneColumns,
  type LaneRow,
  queueColumns,
  requestColumns,
  triggerColumns,
} from './columns.ts'
import { renderEdge } from './edge.ts'
import { type GridColumn, renderGrid } from './grid.ts'

const empty: Record<View, string> = {
  lanes: 'No lanes. In another terminal: dispatch new --name docs --text "..."',
  requests: 'Codex asks nothing.',
  queue: 'Nothing waits.',
  triggers: 'No triggers. dispatch trigger add --help says how to add one.',
}

// What a lane does, or why it stands.
const doingOf = (state: TopState, lane: RowOf['lanes']): string => {
  if (lane.pendingRequests > 0) {
    const asked = state.requests.find((request) => request.lane?.id === lane.id)
    if (asked) return `asks: ${asked.summary}`
  }
  if (lane.stalledReason !== null) return lane.stalledReason
  if (lane.status === 'busy') return state.doing.get(lane.id) ?? ''
  const cut = cutReasonOf(lane)
  if (cut !== null) return `cut off: ${cut}`
  return lane.latestTurn?.error?.message ?? lane.latestTurn?.status ?? ''
}

const toLaneRows = (state: TopState, lanes: readonly RowOf['lanes'][]): LaneRow[] =>
  lanes.map((lane) => ({
    lane,
    waiting: state.waiting.filter(({ laneId }) => laneId === lane.id).length,
    doing: doingOf(state, lane),
  }))

// In both of these lists who needs a person comes first.
const needingOf = (state: TopState): number => {
  if (state.view === 'requests') return rowsOf(state, 'requests').length
  return state.view === 'lanes' ? countNeeding(rowsOf(state, 'lanes'), state.waiting) : 0
}

const renderRequest = (state: TopState, request: Request, screen: Screen): string[] => {
  const height = requestHeight(state, rowsOf(state, 'requests').length)
  const rows = requestRows(request, screen.columns)
  const from = Math.min(state.requestScroll, Math.max(0, rows.length - height))
  const below = rows.length - from - height
  const more = below > 0 ? ` ${below} more rows: PgDn ` : ''
  const said = ` ${visibleLine(request.kind)}: ${request.offered.join(', ')} `
  const title = truncate(`──${said}`, Math.max(4, screen.columns - widthOf(more)))
  const rule = '─'.repeat(Math.max(0, screen.columns - widthOf(title) - widthOf(more)))
  return [
    paint(screen, 'dim', `${title}${rule}${more}`),
    ...rows.slice(from, from + height).map((row) => truncate(row, screen.columns)),
  ]
}

/** The rows of the body. */
export const renderList = (state: TopState, screen: Screen): string[] => {
  const { view } = state
  if (view === 'lanes' && state.lanes === null) return ['  Reading the lanes …']
  const rows = rowsOf(state, view)
  if (rows.length === 0) {
    const said = state.filter === '' ? empty[view] : `Nothing has "${visibleLine(state.filter)}".`
    return [truncate(`  ${said}`, screen.columns)]
  }
  const height = listHeight(state, rows.length)
  const place = placeOf(rows, state.selected[view])
  const from = firstShown(place, { count: rows.length, height })
  const grid = <V extends View, Row = RowOf[V]>(
    columns: readonly GridColumn<Row>[],
    toRows: (seen: readonly RowOf[V][]) => readonly Row[],
  ): string[] => {
    const seen = toRows(rows.slice(from, from + height) as unknown as readonly RowOf[V][])
    const list = renderGrid({ columns, rows: seen, selected: place - from }, screen)
    if (rows.length <= height) return list
    const needing = needingOf(state)
    return [...list, renderEdge({ count: rows.length, from, height, needing }, screen)]
  }
  switch (view) {
    case 'lanes':
      return grid<'lanes', LaneRow>(laneColumns, (seen) => toLaneRows(state, seen))
    case 'queue':
      return grid<'queue'>(queueColumns, (seen) => seen)
    case 'triggers':
      return grid<'triggers'>(triggerColumns, (seen) => seen)
    case 'requests': {
      const request = selectedRow(state, 'requests')
      const list = grid<'requests'>(requestColumns, (seen) => seen)
      return [...list, ...(request ? renderRequest(state, request, screen) : [])].slice(
        0,
        bodyRows(state),
      )
    }
  }
}

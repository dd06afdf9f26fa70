// Going about: along a list, between lists, into a lane and out of it, up and down its text. Pure.
import { listHeight, requestHeight, transcriptHeight } from './layout.ts'
import { requestRows } from './request-text.ts'
import { placeOf, rowsOf, selectedRow } from './rows.ts'
import { type OpenLane, type TopState, type View, views } from './state.ts'
import { act, saying, stay, type Step } from './step.ts'
import { countRows } from './transcript.ts'

/** Rows that a page key moves by: one of the page before stays in sight. */
const pageOf = (state: TopState): number => {
  const list = (): number => listHeight(state, rowsOf(state, state.view).length)
  return Math.max(1, (state.open ? transcriptHeight(state) : list()) - 1)
}

const select = (state: TopState, at: number): TopState => {
  const rows = rowsOf(state, state.view)
  const place = Math.max(0, Math.min(at, rows.length - 1))
  const selected = { id: rows[place]?.id ?? null, at: place }
  return { ...state, selected: { ...state.selected, [state.view]: selected }, requestScroll: 0 }
}

const moveBy = (state: TopState, rows: number): TopState =>
  select(state, placeOf(rowsOf(state, state.view), state.selected[state.view]) + rows)

const scrollTo = (state: TopState, open: OpenLane, above: number): TopState => {
  const most = Math.max(0, countRows(open, state.size.columns) - transcriptHeight(state))
  return { ...state, open: { ...open, above: Math.max(0, Math.min(above, most)) } }
}

// What is asked may be longer than the room that there is for it.
const scrollRequest = (state: TopState, pages: number): TopState => {
  const count = rowsOf(state, 'requests').length
  const request = selectedRow(state, 'requests')
  if (!request) return state
  const height = requestHeight(state, count)
  const most = Math.max(0, requestRows(request, state.size.columns).length - height)
  const scroll = state.requestScroll + pages * Math.max(1, height - 1)
  return { ...state, requestScroll: Math.max(0, Math.min(scroll, most)) }
}

/** Moves, or scrolls where a lane is open; counted in rows, down is positive. */
export const move = (state: TopState, rows: number): Step =>
  stay(state.open ? scrollTo(state, state.open, state.open.above - rows) : moveBy(state, rows))

/** The same by pages; of requests, what is asked by the one that is chosen. */
export const movePage = (state: TopState, pages: number): Step =>
  state.view === 'requests' && !state.open
    ? stay(scrollRequest(state, pages))
    : move(state, pages * pageOf(state))

/** To the first row, or the last one. */
export const moveToEnd = (state: TopState, end: 'first' | 'last'): Step => {
  if (state.open) {
    const above = end === 'first' ? Number.MAX_SAFE_INTEGER : 0
    return stay(scrollTo(state, state.open, above))
  }
  return stay(select(state, end === 'first' ? 0 : Number.MAX_SAFE_INTEGER))
}

const leaveLane = (state: TopState): Step =>
  state.open === null ? stay(state) : act({ ...state, open: null }, { do: 'follow', laneId: null })

/** Shows that list. */
export const show = (state: TopState, view: View): Step => leaveLane({ ...state, view })

/** Shows the list `by` places on. */
export const showNext = (state: TopState, by: 1 | -1): Step => {
  const at = views.indexOf(state.view) + by + views.length
  return show(state, views[at % views.length] ?? 'lanes')
}

/** The lane that the row, or the open lane, is of; null where there is none. */
export const laneAt = (state: TopState): { id: string; handle: string } | null => {
  if (state.open) {
    const { id } = state.open
    const lane = state.open.detail ?? state.lanes?.find((one) => one.id === id)
    return { id, handle: lane?.handle ?? id }
  }
  switch (state.view) {
    case 'lanes':
      return selectedRow(state, 'lanes') ?? null
    case 'requests':
      return selectedRow(state, 'requests')?.lane ?? null
    case 'queue': {
      const row = selectedRow(state, 'queue')
      return row ? { id: row.laneId, handle: row.handle } : null
    }
    case 'triggers':
      return selectedRow(state, 'triggers')?.lane ?? null
  }
}

/** Opens the lane of the row. */
export const enter = (state: TopState): Step => {
  const lane = laneAt(state)
  if (state.open) return stay(state)
  if (lane === null) return stay(saying(state, 'error', 'There is no lane to open.'))
  const open = { id: lane.id, detail: null, items: [], live: [], above: 0, error: null }
  return act({ ...state, open }, { do: 'follow', laneId: lane.id })
}

/** One step back: out of a lane, then out of a filter. */
export const back = (state: TopState): Step =>
  state.open ? leaveLane(state) : stay({ ...state, filter: '' })

// The rows of each list: filtered, in their order, and which one is meant. Pure.
import type { LaneSummary, Request, Trigger } from '@dispatch/contract'
import type { Selected, TopState, View, Waiting } from './state.ts'

/** The rows by list. */
export type RowOf = { lanes: LaneSummary; requests: Request; queue: Waiting; triggers: Trigger }

const textOf: { [V in View]: (row: RowOf[V]) => string } = {
  lanes: ({ ref, handle, title, status, cwd }) => `${ref} ${handle} ${title} ${status} ${cwd}`,
  requests: ({ lane, kind, summary, command }) => `${lane?.handle} ${kind} ${summary} ${command}`,
  queue: ({ handle, ref, state, preview }) => `${handle} ${ref} ${state} ${preview}`,
  triggers: ({ name, when, action, state, lane }) =>
    `${name} ${when} ${action} ${state} ${lane?.handle}`,
}

// Every word is somewhere in it.
const fits = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase()
  return words.every((word) => lower.includes(word))
}

const all = (state: TopState): { [V in View]: readonly RowOf[V][] } => ({
  lanes: state.lanes ?? [],
  requests: state.requests,
  queue: state.waiting,
  triggers: state.triggers,
})

// A key, a frame and a count ask for the same rows of the same list.
const known = new WeakMap<object, { filter: string; rows: readonly unknown[] }>()

/** The rows of a list that fit the filter. */
export const rowsOf = <V extends View>(state: TopState, view: V): readonly RowOf[V][] => {
  const source = all(state)[view] as readonly RowOf[V][]
  if (state.filter === '') return source
  const last = known.get(source)
  if (last?.filter === state.filter) return last.rows as RowOf[V][]
  const words = state.filter.toLowerCase().split(/\s+/).filter(Boolean)
  const rows = source.filter((row) => fits((textOf[view] as (row: RowOf[V]) => string)(row), words))
  known.set(source, { filter: state.filter, rows })
  return rows
}

/** The place of what is meant among those rows; 0 where there are none. */
export const placeOf = (rows: readonly { id: string }[], { id, at }: Selected): number => {
  const found = id === null ? -1 : rows.findIndex((row) => row.id === id)
  return found >= 0 ? found : Math.max(0, Math.min(at, rows.length - 1))
}

/** The row that is meant; undefined where the list is empty. */
export const selectedRow = <V extends View>(state: TopState, view: V): RowOf[V] | undefined => {
  const rows = rowsOf(state, view)
  return rows[placeOf(rows, state.selected[view])]
}

/**
 * The state once it was seen: the row under the cursor is the one that is meant, so that what changes places
 * later moves nothing else under the hand. What is narrowed to while a filter is typed is not meant yet.
 */
export const asSeen = (state: TopState): TopState => {
  const { view, selected, open, prompt } = state
  if (open || prompt?.kind === 'filter') return state
  const rows = rowsOf(state, view)
  const at = placeOf(rows, selected[view])
  const row = rows[at]
  return row ? { ...state, selected: { ...selected, [view]: { id: row.id, at } } } : state
}

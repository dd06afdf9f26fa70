// Finds the lane that a selector names, in one order for every op: ref, thread id, unique id prefix,
// handle, title, and for reading a part of a title.
import { DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'

/** How generous the search is. */
export type ResolveMode = {
  /** Reading ops may name a lane by a part of its title. */
  reading?: boolean
  /** Archived lanes by handle and title too; by ref and id they are always found. */
  archived?: boolean
}

/** Fewer characters of a thread id are only a clock. */
const PREFIX_MIN = 13
const CANDIDATES_MAX = 10

const candidate = (row: LaneRow) => ({
  ref: row.ref,
  id: row.threadId,
  handle: row.handle,
  title: row.title,
  status: row.status,
  cwd: row.cwd,
})

const ambiguous = (selector: string, rows: LaneRow[]): DispatchError =>
  new DispatchError('validation', `"${selector}" names ${rows.length} lanes.`, {
    hint: `Use a ref: ${rows
      .slice(0, CANDIDATES_MAX)
      .map((row) => `${row.ref} (${row.handle})`)
      .join(', ')}`,
    details: { selector, candidates: rows.slice(0, CANDIDATES_MAX).map(candidate) },
  })

const notFound = (selector: string): DispatchError =>
  new DispatchError('not_found', `No lane is called "${selector}".`, {
    hint: 'dispatch list',
    details: { selector },
  })

const byLabel = (store: Store, selector: string, archived: boolean): LaneRow[][] => {
  const handle = selector.startsWith('@') ? selector : `@${selector}`
  return [store.lanes.byHandle(handle, { archived }), store.lanes.byTitle(selector, { archived })]
}

/** The lane that the selector names; throws `not_found`, or `validation` with the candidates. */
export const resolveLane = (store: Store, selector: string, mode: ResolveMode = {}): LaneRow => {
  const exact = store.lanes.byRef(selector) ?? store.lanes.get(selector)
  if (exact) return exact
  const steps = [
    selector.length >= PREFIX_MIN ? store.lanes.byIdPrefix(selector) : [],
    ...byLabel(store, selector, mode.archived ?? false),
    mode.reading ? store.lanes.byTitlePart(selector) : [],
  ]
  const rows = steps.find((found) => found.length > 0)
  if (!rows?.[0]) throw notFound(selector)
  if (rows.length > 1) throw ambiguous(selector, rows)
  return rows[0]
}

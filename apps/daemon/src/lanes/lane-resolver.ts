// Finds the lane that a selector names, in one order for every op: ref, thread id, unique id prefix,
// handle, title, and for reading a part of a title.
import { DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { nearestOf } from '../config/nearest.ts'

/** How generous the search is. */
export type ResolveMode = {
  /** Reading ops may name a lane by a part of its title. */
  reading?: boolean
  /** Archived lanes by handle and title too; by ref and id they are always found. */
  archived?: boolean
  /** For what writes turns or history: a lane that others write is refused. */
  turns?: boolean
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

/** What begins as a name does is compared with it, so many at most; a slip in the first letter is not seen. */
const NEAR_MAX = 200
const NEAR_LENGTH_MAX = 64

const beginningLike = (store: Store, word: string): LaneRow[] => {
  const start = word.slice(0, 2)
  return [...new Set([start, start.toLowerCase()])].flatMap((one) =>
    store.lanes.beginningWith(one, NEAR_MAX),
  )
}

/** The handle, or the ref, that was probably meant. */
const nearestName = (store: Store, selector: string): string | null => {
  const name = selector.normalize('NFC')
  if (name.length < 2 || name.length > NEAR_LENGTH_MAX) return null
  const near = (word: string, of: (row: LaneRow) => string): string | null =>
    nearestOf(word, beginningLike(store, word).map(of))
  const handle = name.startsWith('@') ? name : `@${name}`
  return near(handle, (row) => row.handle) ?? near(name, (row) => row.ref)
}

const notFound = (store: Store, selector: string): DispatchError => {
  const nearest = nearestName(store, selector)
  return new DispatchError('not_found', `No lane is called "${selector}".`, {
    hint: nearest === null ? 'dispatch list' : `Did you mean ${nearest}? dispatch list`,
    details: { selector, ...(nearest === null ? {} : { nearest }) },
  })
}

/** What dispatch may not write; null for an own lane. */
const lockedOf = (row: LaneRow): DispatchError | null =>
  row.source === 'own'
    ? null
    : new DispatchError(
        'authority',
        `${row.handle} is attached: dispatch reads it and does not write its turns or history.`,
        {
          hint: `dispatch adopt ${row.ref}`,
          details: { lane: { ref: row.ref, id: row.threadId, handle: row.handle } },
        },
      )

const found = (row: LaneRow | null): LaneRow[] => (row === null ? [] : [row])

// Each step is asked only when the one before it found nothing.
const steps: ((store: Store, selector: string, mode: ResolveMode) => LaneRow[])[] = [
  (store, selector) => (selector.length >= PREFIX_MIN ? store.lanes.byIdPrefix(selector) : []),
  // Handles and names are composed; what a file system or a keyboard gives may not be.
  (store, selector) => {
    const handle = selector.normalize('NFC')
    return found(store.lanes.byLiveHandle(handle.startsWith('@') ? handle : `@${handle}`))
  },
  (store, selector) => store.lanes.byLiveTitle(selector),
  (store, selector) => store.lanes.byLiveTitle(selector.normalize('NFC')),
  (store, selector, { archived }) =>
    archived
      ? [
          ...store.lanes.byArchivedLabel(selector),
          ...(selector.startsWith('@') ? [] : store.lanes.byArchivedLabel(`@${selector}`)),
        ]
      : [],
  (store, selector, { reading }) =>
    reading ? store.lanes.byTitlePart(selector, CANDIDATES_MAX + 1) : [],
]

const unique = (rows: LaneRow[]): LaneRow[] => [
  ...new Map(rows.map((row) => [row.threadId, row])).values(),
]

/** Throws `validation` for a name that, where a lane is named, means another one: its ref or its id. */
export const refuseForeignName = (store: Store, name: string, own: string | null = null): void => {
  const other =
    store.lanes.byRef(name) ??
    store.lanes.get(name) ??
    (name.length >= PREFIX_MIN ? store.lanes.byIdPrefix(name)[0] : undefined)
  if (!other || other.threadId === own) return
  const what = other.ref === name ? 'the ref' : 'the id'
  throw new DispatchError('validation', `"${name}" is ${what} of ${other.handle}.`, {
    hint: 'Choose another name.',
    details: { taken: { ref: other.ref, id: other.threadId, handle: other.handle } },
  })
}

/** The lane that the selector names; throws `not_found`, or `validation` with the candidates. */
export const resolveLane = (store: Store, selector: string, mode: ResolveMode = {}): LaneRow => {
  const row = findLane(store, selector, mode)
  const locked = mode.turns ? lockedOf(row) : null
  if (locked) throw locked
  return row
}

/** Finds lanes for reading, and for what writes turns. */
export const makeLaneFinder = (store: Store) => ({
  reading: (selector: string): LaneRow => resolveLane(store, selector, { reading: true }),
  writing: (selector: string): LaneRow => resolveLane(store, selector, { turns: true }),
})

const findLane = (store: Store, selector: string, mode: ResolveMode): LaneRow => {
  const exact = store.lanes.byRef(selector) ?? store.lanes.get(selector)
  if (exact) return exact
  for (const step of steps) {
    const rows = unique(step(store, selector, mode))
    if (rows.length > 1) throw ambiguous(selector, rows)
    if (rows[0]) return rows[0]
  }
  throw notFound(store, selector)
}

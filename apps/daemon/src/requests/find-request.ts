// Finds the request that a person names: by its id, by the beginning of one, or by the lane that waits for
// nothing else. A call that was lost on its way is made again, and the lane may ask something new by then:
// what is answered by the name of a lane was asked before the call was made, or nothing is answered.
import { type Call, DispatchError } from '@dispatch/contract'
import type { LaneRow, RequestRow, Store } from '@dispatch/store'
import { byShortId, CANDIDATES_MAX, shortIdToAdvice } from '../short-id.ts'

/** Where it is looked for. */
type RequestFinder = {
  store: Pick<Store, 'requests'>
  /** The lane that a text names; throws `not_found`. */
  named: (selector: string) => LaneRow
}

const about = ({ id, state, ask: { summary } }: RequestRow) => ({ id, state, summary })

/** When a call was made: its id, a UUIDv7, begins with that; epoch ms. */
const callToMs = ({ id }: Pick<Call, 'id'>): number =>
  Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

const laneOrNull = ({ named }: RequestFinder, given: string): LaneRow | null => {
  try {
    return named(given)
  } catch (error) {
    if (error instanceof DispatchError && error.code === 'not_found') return null
    throw error
  }
}

const onlyOf = ({ store }: RequestFinder, { threadId, handle, ref }: LaneRow): RequestRow => {
  const rows = store.requests.pending(threadId)
  const [row, ...others] = rows
  if (row && others.length === 0) return row
  if (!row) {
    throw new DispatchError('not_found', `${handle} asks nothing now.`, {
      hint: `dispatch request list --lane ${ref} --state all`,
    })
  }
  throw new DispatchError(
    'validation',
    `${handle} asks ${rows.length} things: name one by its id.`,
    {
      hint: `dispatch request list --lane ${ref}`,
      details: { lane: ref, candidates: rows.slice(0, CANDIDATES_MAX).map(about) },
    },
  )
}

/** The request; `answering` is the call that answers it. Throws `not_found`, or `validation` with the candidates. */
export const requestOf = (
  finder: RequestFinder,
  given: string,
  answering: Pick<Call, 'id'> | null = null,
): RequestRow => {
  const { requests } = finder.store
  const byId = byShortId(given, {
    what: 'request',
    exact: (id) => requests.get(id),
    begins: (prefix, limit) => requests.byIdPrefix(prefix, limit),
    about,
    list: 'dispatch request list --state all',
  })
  if (byId) return byId
  const lane = laneOrNull(finder, given)
  if (lane === null) {
    throw new DispatchError(
      'not_found',
      `There is no request "${given}"${shortIdToAdvice(given)}.`,
      { hint: 'dispatch request list --state all' },
    )
  }
  const row = onlyOf(finder, lane)
  if (answering !== null && row.createdAt > callToMs(answering)) {
    throw new DispatchError('conflict', `${lane.handle} asked this only after it was answered.`, {
      hint: `dispatch request get ${row.id}`,
      details: { request: row.id },
    })
  }
  return row
}

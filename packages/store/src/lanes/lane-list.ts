// Pages of lanes: newest first, or who needs a person first and of those the newest. The cursor is the
// place of the last lane (creation time and thread id, and before them its urgency), so lanes that are
// made meanwhile neither repeat nor hide one; only a lane whose urgency changes may come twice or not.
import { CursorError } from '../database/errors.ts'
import type { Connection } from '../database/connection.ts'
import { makeVariants } from '../database/variants.ts'
import type { LaneListQuery, LanePage } from './lane-row.ts'
import { laneCodec } from './lane-codec.ts'

type Place = { urgency: number | null; createdAt: number; threadId: string }

const placeToCursor = ({ urgency, createdAt, threadId }: Place): string =>
  `${urgency === null ? '' : `${urgency}.`}${createdAt}_${threadId}`

const cursorToPlace = (cursor: string): Place => {
  const [, urgency, createdAt, threadId] = /^(?:(\d)\.)?(\d{1,15})_(.+)$/s.exec(cursor) ?? []
  if (createdAt === undefined || threadId === undefined) throw new CursorError()
  return {
    urgency: urgency === undefined ? null : Number(urgency),
    createdAt: Number(createdAt),
    threadId,
  }
}

type Shape = { archived: boolean; status: boolean; cwd: boolean; after: boolean }

type Slots = Omit<Place, 'urgency'> & {
  urgency: number
  status: string
  cwd: string
  limit: number
}

/** Reads pages. */
export const makeLaneList = ({ sql, statement }: Connection): ((q: LaneListQuery) => LanePage) => {
  const newest = makeVariants((shape: Shape) =>
    statement<Slots>()((slot) => {
      let query = sql
        .selectFrom('lanes')
        .selectAll()
        .orderBy('createdAt', 'desc')
        .orderBy('threadId', 'desc')
        .limit(slot('limit'))
      if (!shape.archived) query = query.where('archivedAt', 'is', null)
      if (shape.status) query = query.where('status', '=', slot('status') as 'idle')
      if (shape.cwd) query = query.where('cwd', '=', slot('cwd'))
      if (!shape.after) return query
      return query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('createdAt', 'threadId'), '<', tuple(slot('createdAt'), slot('threadId'))),
      )
    }),
  )
  const urgent = makeVariants((shape: Shape) =>
    statement<Slots>()((slot) => {
      let query = sql
        .selectFrom('attention as a')
        .innerJoin('lanes', 'lanes.threadId', 'a.threadId')
        .selectAll('lanes')
        .orderBy('a.urgency', 'desc')
        .orderBy('a.createdAt', 'desc')
        .orderBy('a.threadId', 'desc')
        .limit(slot('limit'))
      if (!shape.archived) query = query.where('lanes.archivedAt', 'is', null)
      if (shape.status) query = query.where('lanes.status', '=', slot('status') as 'idle')
      if (shape.cwd) query = query.where('lanes.cwd', '=', slot('cwd'))
      if (!shape.after) return query
      return query.where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple('a.urgency', 'a.createdAt', 'a.threadId'),
          '<',
          tuple(slot('urgency'), slot('createdAt'), slot('threadId')),
        ),
      )
    }),
  )
  const urgencyOf = statement<{ threadId: string }>()((slot) =>
    sql.selectFrom('attention').select('urgency').where('threadId', '=', slot('threadId')),
  )

  return ({ limit, order = 'newest', cursor = null, includeArchived = false, ...filter }) => {
    const { status = null, cwd = null } = filter
    const after = cursor === null ? null : cursorToPlace(cursor)
    const isUrgent = after ? after.urgency !== null : order === 'attention'
    const rows = (isUrgent ? urgent : newest)({
      archived: includeArchived || status === 'archived',
      status: status !== null,
      cwd: cwd !== null,
      after: after !== null,
    }).all({
      urgency: after?.urgency ?? 0,
      createdAt: after?.createdAt ?? 0,
      threadId: after?.threadId ?? '',
      status: status ?? '',
      cwd: cwd ?? '',
      limit: limit + 1,
    })
    const lanes = rows.slice(0, limit).map(laneCodec.decode)
    const last = lanes.at(-1)
    if (rows.length <= limit || last === undefined) return { lanes, nextCursor: null }
    const urgency = isUrgent ? (urgencyOf.get(last)?.urgency ?? 0) : null
    return { lanes, nextCursor: placeToCursor({ ...last, urgency }) }
  }
}

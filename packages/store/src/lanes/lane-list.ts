// Pages of lanes, newest first. The cursor is the place of the last lane (creation time and thread
// id), so lanes that are made meanwhile neither repeat nor hide one.
import { CursorError } from '../database/errors.ts'
import type { Connection } from '../database/connection.ts'
import { makeVariants } from '../database/variants.ts'
import type { LaneListQuery, LanePage } from './lane-row.ts'
import { laneCodec } from './lane-codec.ts'

type Place = { createdAt: number; threadId: string }

const placeToCursor = ({ createdAt, threadId }: Place): string => `${createdAt}_${threadId}`

const cursorToPlace = (cursor: string): Place => {
  const [, createdAt, threadId] = /^(\d{1,15})_(.+)$/s.exec(cursor) ?? []
  if (createdAt === undefined || threadId === undefined) throw new CursorError()
  return { createdAt: Number(createdAt), threadId }
}

type Shape = { archived: boolean; status: boolean; cwd: boolean; after: boolean }

type Slots = Place & { status: string; cwd: string; limit: number }

/** Reads pages. */
export const makeLaneList = ({ sql, statement }: Connection): ((q: LaneListQuery) => LanePage) => {
  const variants = makeVariants((shape: Shape) =>
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
  return ({ limit, cursor = null, includeArchived = false, status = null, cwd = null }) => {
    const place = cursor === null ? { createdAt: 0, threadId: '' } : cursorToPlace(cursor)
    const rows = variants({
      archived: includeArchived || status === 'archived',
      status: status !== null,
      cwd: cwd !== null,
      after: cursor !== null,
    }).all({ ...place, status: status ?? '', cwd: cwd ?? '', limit: limit + 1 })
    const lanes = rows.slice(0, limit).map(laneCodec.decode)
    const last = lanes.at(-1)
    return {
      lanes,
      nextCursor: rows.length > limit && last !== undefined ? placeToCursor(last) : null,
    }
  }
}

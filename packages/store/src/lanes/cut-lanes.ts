// The lanes whose latest turn was cut and stopped by nobody: they need a person until they get another.
import type { Bindings, Connection } from '../database/connection.ts'
import { laneCodec } from './lane-codec.ts'
import type { LaneRow } from './lane-row.ts'

/** Reads them; of lanes that are not archived. */
export type CutLanes = {
  /** Oldest first, each with the reason of its latest turn. */
  cut(limit: number): { lane: LaneRow; reason: string }[]
  countCut(): number
}

/** Those on a connection. */
export const makeCutLanes = ({ sql, statement }: Connection): CutLanes => {
  // From the few turns that have a reason to their lanes, never the other way.
  const all = sql
    .selectFrom('turns')
    .crossJoin('lanes')
    .where('turns.reason', 'is not', null)
    .whereRef('lanes.threadId', '=', 'turns.threadId')
    .whereRef('lanes.latestTurnId', '=', 'turns.id')
    .where('lanes.archivedAt', 'is', null)
  const rows = statement<{ limit: number }>()((slot) =>
    all.selectAll('lanes').select('turns.reason').orderBy('lanes.createdAt').limit(slot('limit')),
  )
  const count = statement<Bindings>()(() =>
    all.select(({ fn }) => fn.countAll<number>().as('lanes')),
  )
  return {
    cut: (limit) =>
      rows.all({ limit }).map(({ reason, ...columns }) => ({
        lane: laneCodec.decode(columns),
        reason: reason ?? '',
      })),
    countCut: () => count.get({})?.lanes ?? 0,
  }
}

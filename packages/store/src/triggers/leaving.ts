// What outlives an occurrence: that the lane which it made is still to be put away, and the triggers
// that led to a message which is under way while its own is removed.
import { sql as raw } from 'kysely'
import type { Bindings, Connection } from '../database/connection.ts'

/** Keeps what is needed of occurrences that go, and of lanes that were put away. */
export type Leaving = {
  /** A trigger is about to go with its occurrences. Part of the caller's transaction. */
  trigger(id: string): void
  /** The triggers that led to that message, its own one last; empty where nothing was left of any. */
  chain(deliveryId: string): string[]
  /** Whether the lane of that call is to be put away although its trigger is gone. */
  isLaneLeft(callId: string): boolean
  /** Live lanes of triggers that are gone and that were never put away, by thread id. */
  lanes(): string[]
  /** A lane was archived: that is done once to one that a trigger made. Part of the caller's transaction. */
  archived(threadId: string, at: number): void
  /** Deletes a slice of the causes that nothing goes by any more; rows deleted. */
  prune(retention: { olderThan: number; slice: number }): number
}

// Written out, not bound: SQLite uses a partial index only where it sees the same words.
const isUnsettled = raw<boolean>`
  "deliveries"."state" in ('queued', 'submitting', 'ambiguous')`

// A rest goes by the newest turn of its lane, whether that has ended or not.
const isOfNewestTurn = raw<boolean>`
  exists (select 1 from "lanes" where "lanes"."threadId" = "deliveries"."threadId"
    and "lanes"."latestTurnId" = "deliveries"."turnId")`

const isUnderWay = raw<boolean>`exists (
  select 1 from "deliveries"
  where ("deliveries"."id" = "triggerRuns"."id" or "deliveries"."retryOf" = "triggerRuns"."id")
    and (${isUnsettled} or ${isOfNewestTurn}))`

const isGone = raw<boolean>`not exists (
  select 1 from "deliveries"
  where ("deliveries"."id" = "leftCauses"."deliveryId"
      or "deliveries"."retryOf" = "leftCauses"."deliveryId")
    and (${isUnsettled} or ${isOfNewestTurn}))`

/** On a connection. */
export const makeLeaving = ({ sql, statement }: Connection): Leaving => {
  const leaveLanes = statement<{ id: string }>()((slot) =>
    sql
      .insertInto('leftLanes')
      .columns(['callId'])
      .expression((of) =>
        of
          .selectFrom('triggerRuns')
          .leftJoin('lanes', 'lanes.callId', 'triggerRuns.id')
          .select('triggerRuns.id')
          .where('triggerId', '=', slot('id'))
          .where('mode', '=', raw<'new'>`'new'`)
          .where('putAwayAt', 'is', null)
          .where('lanes.archivedAt', 'is', null)
          .where((where) =>
            where.or([
              where('lanes.threadId', 'is not', null),
              where('outcome', '=', raw<'planned'>`'planned'`),
            ]),
          ),
      ),
  )
  const leaveCauses = statement<{ id: string }>()((slot) =>
    sql
      .insertInto('leftCauses')
      .columns(['deliveryId', 'chain', 'createdAt'])
      .expression((of) =>
        of
          .selectFrom('triggerRuns')
          .select([
            'triggerRuns.id',
            raw<string>`json_insert("chain", '$[#]', "triggerId")`.as('chain'),
            'triggerRuns.createdAt',
          ])
          .where('triggerId', '=', slot('id'))
          .where((where) =>
            where.or([where('outcome', '=', raw<'planned'>`'planned'`), isUnderWay]),
          ),
      ),
  )
  const causes = statement<{ id: string }>()((slot) =>
    sql.selectFrom('leftCauses').select('chain').where('deliveryId', '=', slot('id')),
  )
  const lanes = statement<Bindings>()(() =>
    sql
      .selectFrom('leftLanes')
      .innerJoin('lanes', 'lanes.callId', 'leftLanes.callId')
      .select('lanes.threadId')
      .where('lanes.archivedAt', 'is', null),
  )
  const isLeft = statement<{ callId: string }>()((slot) =>
    sql.selectFrom('leftLanes').select('callId').where('callId', '=', slot('callId')),
  )
  const setPutAway = statement<{ threadId: string; at: number }>()((slot) =>
    sql
      .updateTable('triggerRuns')
      .set({ putAwayAt: slot('at') })
      .where('id', '=', (of) =>
        of.selectFrom('lanes').select('callId').where('threadId', '=', slot('threadId')),
      )
      .where('mode', '=', raw<'new'>`'new'`)
      .where('putAwayAt', 'is', null),
  )
  const unleave = statement<{ threadId: string }>()((slot) =>
    sql
      .deleteFrom('leftLanes')
      .where('callId', '=', (of) =>
        of.selectFrom('lanes').select('callId').where('threadId', '=', slot('threadId')),
      ),
  )
  const prune = statement<{ olderThan: number; slice: number }>()((slot) =>
    sql
      .deleteFrom('leftCauses')
      .where('deliveryId', 'in', (of) =>
        of
          .selectFrom('leftCauses')
          .select('deliveryId')
          .where('createdAt', '<', slot('olderThan'))
          .where(isGone)
          .limit(slot('slice')),
      ),
  )

  return {
    trigger: (id) => {
      leaveLanes.run({ id })
      leaveCauses.run({ id })
    },
    chain: (deliveryId) => JSON.parse(causes.get({ id: deliveryId })?.chain ?? '[]') as string[],
    isLaneLeft: (callId) => isLeft.get({ callId }) !== undefined,
    lanes: () => lanes.all({}).map(({ threadId }) => threadId),
    archived: (threadId, at) => {
      setPutAway.run({ threadId, at })
      unleave.run({ threadId })
    },
    prune: (retention) => prune.run(retention),
  }
}

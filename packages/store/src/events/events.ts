// The event log's table and its epochs. Sequence numbers are dense: without a hole, from the bottom
// that retention left to the newest, which is never pruned.
import type { Bindings, Connection } from '../database/connection.ts'
import { makeEpochs } from './epochs.ts'
import { makeEventReader } from './event-reader.ts'
import { makeRunningCommands } from './running-commands.ts'
import type {
  Epoch,
  EventAppend,
  EventPage,
  EventQuery,
  EventRetention,
  ResolvedCursor,
} from './event-row.ts'

/** Repository of the events. */
export type Events = {
  /** The sequence number, or null when an event of that thread, type and key is there already. */
  append(event: EventAppend): number | null
  /** At most `limit` rows after a position; `throughSeq` goes on even where the filter passed all by. */
  readAfter(query: EventQuery): EventPage
  /** The newest sequence number; 0 in an empty log. */
  lastSeq(): number
  /** The oldest one that is kept; `lastSeq() + 1` in an empty log. */
  firstSeq(): number
  /** Whether a command of that turn has begun that has not come to its end. */
  commandRuns(threadId: string, turnId: string): boolean
  /** Commits a new epoch durably; once at each start, outside a transaction. */
  beginEpoch(): Epoch
  /** The epoch of this start; throws before `beginEpoch`. */
  epoch(): Epoch
  /** The cursor of an event: the epoch that it was committed in, and its number. It stays the same for ever. */
  cursorOf(seq: number): string
  /** Where a cursor points; null when it is none. `0` is the beginning of what there is. */
  resolve(cursor: string): ResolvedCursor | null
  /** Deletes one slice of what retention no longer keeps; the rows deleted, 0 when there is nothing left to do. */
  prune(retention: EventRetention): number
}

type New = {
  at: number
  threadId: string | null
  type: EventAppend['type']
  key: string | null
  data: string
}

/** The event log on a connection. */
export const makeEvents = (connection: Connection): Events => {
  const { sql, statement } = connection
  const append = statement<New>()((slot) =>
    sql
      .insertInto('events')
      .values({
        at: slot('at'),
        threadId: slot('threadId'),
        type: slot('type'),
        key: slot('key'),
        data: slot('data'),
      } as never)
      .onConflict((conflict) => conflict.doNothing()),
  )
  const last = statement<Bindings>()(() =>
    sql.selectFrom('events').select('seq').orderBy('seq', 'desc').limit(1),
  )
  const first = statement<Bindings>()(() =>
    sql.selectFrom('events').select('seq').orderBy('seq').limit(1),
  )
  const firstKept = statement<{ before: number; olderThan: number }>()((slot) =>
    sql
      .selectFrom('events')
      .select('seq')
      .where('seq', '<', slot('before'))
      .where('at', '>=', slot('olderThan'))
      .orderBy('seq')
      .limit(1),
  )
  const deleteBefore = statement<{ before: number }>()((slot) =>
    sql.deleteFrom('events').where('seq', '<', slot('before')),
  )
  const lastSeq = (): number => last.get({})?.seq ?? 0
  const firstSeq = (): number => first.get({})?.seq ?? 1

  return {
    append: ({ at, threadId, type, key, data }) =>
      append.insert({ at, threadId, type, key, data: JSON.stringify(data) }),
    readAfter: makeEventReader(connection, lastSeq),
    lastSeq,
    firstSeq,
    commandRuns: makeRunningCommands(connection),
    ...makeEpochs(connection, lastSeq),
    prune: ({ olderThan, maxRows, slice }) =>
      connection.transaction(() => {
        const newest = lastSeq()
        // What is deleted is always the bottom of the log, or sequence numbers were not dense.
        const end = Math.min(firstSeq() + slice, newest)
        const byAge = firstKept.get({ before: end, olderThan })?.seq ?? end
        const byCount = newest - maxRows + 1
        return deleteBefore.run({ before: Math.min(end, Math.max(byAge, byCount)) })
      }),
  }
}

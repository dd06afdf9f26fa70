// Whether a shell command of a turn runs, as the log tells it: its start without its end. The keys of
// items begin with their turn, so one range of the unique index holds them.
import { sql as raw } from 'kysely'
import type { Connection } from '../database/connection.ts'

type Slots = { thread: string; first: string; beyond: string }

/** Looks for a command that runs. */
export const makeRunningCommands = ({ sql, statement }: Connection) => {
  const running = statement<Slots>()((slot) =>
    sql
      .selectFrom('events as begun')
      .select('begun.seq')
      .where('begun.key', '>', slot('first'))
      .where('begun.key', '<', slot('beyond'))
      .where('begun.type', '=', 'item.started')
      .where(raw<boolean>`ifnull(begun.threadId, '') = ${slot('thread')}`)
      .where(raw<boolean>`json_extract(begun.data, '$.type') = 'commandExecution'`)
      .where(({ exists, not, selectFrom }) =>
        not(
          exists(
            selectFrom('events as ended')
              .select('ended.seq')
              .whereRef('ended.key', '=', 'begun.key')
              .where('ended.type', '=', 'item.completed')
              .where(raw<boolean>`ifnull(ended.threadId, '') = ifnull(begun.threadId, '')`),
          ),
        ),
      )
      .limit(1),
  )
  return (threadId: string, turnId: string): boolean =>
    running.get({ thread: threadId, first: `${turnId}/`, beyond: `${turnId}0` }) !== undefined
}

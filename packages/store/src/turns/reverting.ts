// Takes turns out of what the registry has of a thread, with their items. Events and receipts stay: what
// happened has happened.
import { sql as raw } from 'kysely'
import type { Connection } from '../database/connection.ts'

/** Forgets those turns of a thread and their items. Runs inside the caller's transaction. */
export type Revert = (threadId: string, turnIds: readonly string[]) => void

/** The reverting on a connection. */
export const makeRevert = ({ sql, statement, transaction }: Connection): Revert => {
  const items = statement<{ threadId: string; ids: string }>()((slot) =>
    sql
      .deleteFrom('items')
      .where('threadId', '=', slot('threadId'))
      .where(raw<boolean>`turnId in (select value from json_each(${slot('ids')}))`),
  )
  const turns = statement<{ threadId: string; ids: string }>()((slot) =>
    sql
      .deleteFrom('turns')
      .where('threadId', '=', slot('threadId'))
      .where(raw<boolean>`id in (select value from json_each(${slot('ids')}))`),
  )
  return (threadId, turnIds) => {
    const bindings = { threadId, ids: JSON.stringify(turnIds) }
    transaction(() => {
      items.run(bindings)
      turns.run(bindings)
    })
  }
}

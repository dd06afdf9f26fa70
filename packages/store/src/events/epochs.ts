// Epochs and cursors. A cursor is `epoch.seq`. Power loss may take the newest commits, and their
// sequence numbers are then given again; the epoch tells the two apart.
import type { Bindings, Connection } from '../database/connection.ts'
import type { Epoch, ResolvedCursor } from './event-row.ts'

/** Epochs of the log. */
export type Epochs = {
  beginEpoch(): Epoch
  epoch(): Epoch
  cursorOf(seq: number): string
  resolve(cursor: string): ResolvedCursor | null
}

/** The epochs on a connection. */
export const makeEpochs = (connection: Connection, lastSeq: () => number): Epochs => {
  const { sql, statement } = connection
  const newest = statement<Bindings>()(() =>
    sql.selectFrom('epochs').selectAll().orderBy('epoch', 'desc').limit(1),
  )
  const insert = statement<Epoch>()((slot) =>
    sql.insertInto('epochs').values({ epoch: slot('epoch'), firstSeq: slot('firstSeq') }),
  )
  const following = statement<{ epoch: number }>()((slot) =>
    sql
      .selectFrom('epochs')
      .select(({ fn }) => fn.min('firstSeq').as('firstSeq'))
      .where('epoch', '>', slot('epoch')),
  )
  const all = statement<Bindings>()(() => sql.selectFrom('epochs').selectAll().orderBy('epoch'))
  let current: Epoch | null = null
  // One a start of the daemon.
  let known: Epoch[] = []

  const epoch = (): Epoch => {
    if (current === null) throw new Error('the epoch has not begun')
    return current
  }

  /** The last sequence number that a cursor of that epoch can rightly name. */
  const endOf = (number: number): number => {
    if (number === epoch().epoch) return lastSeq()
    // A later epoch than ours was given by a log that is gone (a copy was put back): what it has in
    // common with this one ends, as far as we know, where our epoch began.
    if (number > epoch().epoch) return epoch().firstSeq - 1
    return (following.get({ epoch: number })?.firstSeq ?? 1) - 1
  }

  return {
    epoch,
    beginEpoch: () =>
      connection.durable(() => {
        const next = { epoch: (newest.get({})?.epoch ?? 0) + 1, firstSeq: lastSeq() + 1 }
        insert.run(next)
        current = next
        known = all.all({})
        return next
      }),
    cursorOf: (seq) => {
      const of = known.findLast(({ firstSeq }) => firstSeq <= seq) ?? known[0]
      return `${of?.epoch ?? 0}.${seq}`
    },
    resolve: (cursor) => {
      if (cursor === '0') return { afterSeq: 0, lost: false }
      const [, number, seq] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? []
      if (number === undefined || seq === undefined) return null
      const end = endOf(Number(number))
      const isForeign = Number(number) > epoch().epoch
      return { afterSeq: Math.min(Number(seq), end), lost: isForeign || Number(seq) > end }
    },
  }
}

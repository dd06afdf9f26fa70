// The refs ever given: one for each thread, never deleted, so never given twice.
import type { Connection } from '../database/connection.ts'
import { chooseRef } from './ref.ts'

/** Repository of the refs. */
export type Refs = {
  /** The ref of a thread: the one it has, else a new one, stored. Part of the caller's transaction. */
  allocate(threadId: string): string
  /** The ref of a thread, or null when it never had one. */
  get(threadId: string): string | null
}

/** The refs on a connection. */
export const makeRefs = ({ sql, statement }: Connection): Refs => {
  const byThread = statement<{ threadId: string }>()((slot) =>
    sql.selectFrom('refs').select('ref').where('threadId', '=', slot('threadId')),
  )
  const byRef = statement<{ ref: string }>()((slot) =>
    sql.selectFrom('refs').select('ref').where('ref', '=', slot('ref')),
  )
  const insert = statement<{ ref: string; threadId: string }>()((slot) =>
    sql.insertInto('refs').values({ ref: slot('ref'), threadId: slot('threadId') }),
  )
  const get = (threadId: string): string | null => byThread.get({ threadId })?.ref ?? null
  return {
    get,
    allocate: (threadId) => {
      const known = get(threadId)
      if (known !== null) return known
      const ref = chooseRef(threadId, (candidate) => byRef.get({ ref: candidate }) !== undefined)
      insert.run({ ref, threadId })
      return ref
    },
  }
}

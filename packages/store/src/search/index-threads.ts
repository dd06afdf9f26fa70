// How far each thread is indexed, and the events.
import type { Database } from 'better-sqlite3'

/** How far a thread is indexed. */
export type IndexedThread = {
  threadId: string
  /** Items of the registry from that position on are done; null: none, 0: all. */
  floor: number | null
  /** How far its rollout file is; whoever reads it knows the shape. */
  rollout: unknown
}

/** Repository of what is done. */
export type IndexThreads = {
  get(threadId: string): IndexedThread | null
  all(): IndexedThread[]
  /** Those whose items of the registry are not all done, at most so many. */
  undone(limit: number): IndexedThread[]
  countUndone(): number
  /** Makes it or changes what is given. */
  put(thread: Pick<IndexedThread, 'threadId'> & Partial<IndexedThread>): void
  /** The number by which documents know it; made where there is none. */
  numberOf(threadId: string): number
  /** The numbers of those that are known. */
  numbersOf(threadIds: readonly string[]): number[]
  remove(threadId: string): void
  /** All items of the registry are to be read again. */
  startAgain(): void
  /** Events up to that one are indexed. */
  mark(): number
  setMark(seq: number): void
}

type Columns = { id: number; threadId: string; floor: number | null; rollout: string | null }

const toThread = ({ threadId, floor, rollout }: Columns): IndexedThread => ({
  threadId,
  floor,
  rollout: rollout === null ? null : (JSON.parse(rollout) as unknown),
})

/** The threads of an index. */
export const makeIndexThreads = (db: Database): IndexThreads => {
  const byId = db.prepare('select * from threads where threadId = ?')
  const all = db.prepare('select * from threads')
  const undone = db.prepare(
    'select * from threads where floor is null or floor > 0 order by id limit ?',
  )
  const countUndone = db
    .prepare('select count(*) from threads where floor is null or floor > 0')
    .pluck()
  const insert = db.prepare(
    'insert into threads (threadId, floor) values (?, 0) on conflict do nothing',
  )
  const setFloor = db.prepare('update threads set floor = ? where threadId = ?')
  const setRollout = db.prepare('update threads set rollout = ? where threadId = ?')
  const remove = db.prepare('delete from threads where threadId = ?')
  const again = db.prepare('update threads set floor = null')
  const mark = db.prepare("select value from marks where name = 'events'").pluck()
  const setMark = db.prepare("insert or replace into marks (name, value) values ('events', ?)")
  const get = (threadId: string): Columns | undefined => byId.get(threadId) as Columns | undefined

  const numberOf = (threadId: string): number => {
    const known = get(threadId)
    if (known) return known.id
    return Number(insert.run(threadId).lastInsertRowid)
  }
  return {
    get: (threadId) => {
      const known = get(threadId)
      return known ? toThread(known) : null
    },
    all: () => (all.all() as Columns[]).map(toThread),
    undone: (limit) => (undone.all(limit) as Columns[]).map(toThread),
    countUndone: () => countUndone.get() as number,
    put: ({ threadId, floor, rollout }) => {
      numberOf(threadId)
      if (floor !== undefined) setFloor.run(floor, threadId)
      if (rollout !== undefined)
        setRollout.run(rollout === null ? null : JSON.stringify(rollout), threadId)
    },
    numberOf,
    numbersOf: (threadIds) => threadIds.flatMap((threadId) => get(threadId)?.id ?? []),
    remove: (threadId) => void remove.run(threadId),
    startAgain: () => void again.run(),
    mark: () => (mark.get() as number | undefined) ?? 0,
    setMark: (seq) => void setMark.run(seq),
  }
}

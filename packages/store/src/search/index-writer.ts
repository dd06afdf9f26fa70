// Puts items into the index and takes them out. The same item is one row, whoever tells of it; what is
// told last stands.
import type { Database } from 'better-sqlite3'
import type { SearchDocument } from './document.ts'
import type { IndexThreads } from './index-threads.ts'
import { documentToTags } from './tags.ts'
import { textToIndexed } from './words.ts'

/** Writes documents. Runs inside the caller's transaction. */
export type IndexWriter = {
  /** Those that were new or have changed. */
  put(documents: readonly SearchDocument[]): number
  /** Items in it. */
  size(): number
  /** What was counted may have been rolled back: it is counted again. */
  countAgain(): void
  /** Takes out the items of those turns. */
  forgetTurns(threadId: string, turnIds: readonly string[]): void
  /** Takes out at most `limit` items of a thread; those that it took. */
  forgetSome(threadId: string, limit: number): number
}

type Row = {
  id: number
  type: string
  tool: string | null
  status: string | null
  files: string
  text: string
}

/** Instants from which on a free number is looked for, before the next such stretch. */
const STRETCH = 4_096

/** The writer on an index. */
export const makeIndexWriter = (db: Database, threads: IndexThreads): IndexWriter => {
  const known = db.prepare(
    'select id, type, tool, status, files, text from documents where lane = ? and turnId = ? and itemId = ?',
  )
  const lastBetween = db.prepare('select max(id) from documents where id between ? and ?').pluck()
  const insert = db.prepare(
    `insert into documents (id, lane, turnId, itemId, type, tool, status, at, files, length, text)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    'update documents set type = ?, tool = ?, status = ?, files = ?, length = ?, text = ? where id = ?',
  )
  const insertWords = db.prepare('insert into words (rowid, text, files, tags) values (?, ?, ?, ?)')
  const removeWords = db.prepare('delete from words where rowid = ?')
  const remove = db.prepare('delete from documents where id = ?')
  const ofTurn = db.prepare('select id from documents where lane = ? and turnId = ?').pluck()
  const some = db.prepare('select id from documents where lane = ? limit ?').pluck()
  const drift = db.prepare(
    `insert into marks (name, value) values ('drift', ?)
     on conflict do update set value = max(value, excluded.value)`,
  )

  const counted = db.prepare('select count(*) from documents').pluck()
  // A count of 200,000 takes 10 ms.
  let count: number | null = null
  const size = (): number => {
    count ??= counted.get() as number
    return count
  }
  const grow = (by: number): void => {
    if (count !== null) count += by
  }

  let latest = 0
  const noteDrift = (by: number): void => {
    if (by <= latest) return
    latest = by
    drift.run(by)
  }

  const freeFrom = (at: number): number => {
    for (let from = at; ; from += STRETCH) {
      const last = lastBetween.get(from, from + STRETCH - 1) as number | null
      if (last === null) return from
      if (last < from + STRETCH - 1) return last + 1
    }
  }

  const putWords = (id: number, lane: number, document: SearchDocument): void => {
    const { text, files } = document
    const tags = documentToTags(lane, document)
    insertWords.run(id, textToIndexed(text), textToIndexed(files.join('\n')), tags)
  }

  const putOne = (document: SearchDocument): boolean => {
    const { threadId, turnId, itemId, type, tool, status, text } = document
    const lane = threads.numberOf(threadId)
    const files = document.files.join('\n')
    const row = known.get(lane, turnId, itemId) as Row | undefined
    if (!row) {
      const at = Math.max(0, Math.trunc(document.at))
      const id = freeFrom(at)
      noteDrift(id - at)
      insert.run(id, lane, turnId, itemId, type, tool, status, at, files, text.length, text)
      putWords(id, lane, document)
      grow(1)
      return true
    }
    const isSame =
      row.text === text &&
      row.status === status &&
      row.type === type &&
      row.tool === tool &&
      row.files === files
    if (isSame) return false
    removeWords.run(row.id)
    update.run(type, tool, status, files, text.length, text, row.id)
    putWords(row.id, lane, document)
    return true
  }

  const removeOne = (id: unknown): void => {
    removeWords.run(id)
    remove.run(id)
    grow(-1)
  }

  return {
    size,
    countAgain: () => {
      count = null
    },
    // In the order of the numbers: FTS5 writes out what it has gathered whenever they go back.
    put: (documents) =>
      documents.toSorted((a, b) => a.at - b.at).filter((document) => putOne(document)).length,
    forgetTurns: (threadId, turnIds) => {
      for (const lane of threads.numbersOf([threadId])) {
        for (const turnId of turnIds) for (const id of ofTurn.all(lane, turnId)) removeOne(id)
      }
    },
    forgetSome: (threadId, limit) =>
      threads.numbersOf([threadId]).reduce((sum, lane) => {
        const ids = some.all(lane, limit)
        for (const id of ids) removeOne(id)
        return sum + ids.length
      }, 0),
  }
}

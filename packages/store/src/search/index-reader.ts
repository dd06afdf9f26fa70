// Finds items, a page at a time. What is found is looked at in windows, newest first: of a window the
// items are ranked against each other, and when it is used up the next one below it begins. So very
// common words cost no more than a window, and everything that is found can be paged through. A cursor
// names the window and the last item of it, so rows that are added meanwhile repeat and hide none.
import type { Database } from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { CursorError } from '../database/errors.ts'
import type { SearchHit, SearchPage, SearchPageQuery, SearchQuery } from './document.ts'
import type { IndexThreads } from './index-threads.ts'
import { RANKED_TEXT, wordsToRank } from './ranking.ts'
import { textToSnippet } from './snippet.ts'
import { queryToMatch } from './tags.ts'

/** Items of a window: read and ranked in 5 to 20 ms at 200,000 items. */
const WINDOW = 1_000

/** A window that is known may have grown by what was added late; never without bound. */
const GROWN_WINDOW = 4 * WINDOW

/** Reads pages. */
export type IndexReader = { page(asked: SearchPageQuery): SearchPage }

/** A place: a window, both ends of it in it, and the last item that was given. */
type Place = { top: number; bottom: number; score: number; id: number }

type Candidate = { id: number; score: number }

type Row = Omit<SearchHit, 'score' | 'snippet' | 'marks'> & { text: string }

// Times are left out: what is asked back from now has others with each page. A place is of a row, so it
// stays what it is where they move.
const fingerprintOf = ({ since: _since, until: _until, ...query }: SearchQuery): string =>
  createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 8)

const placeToCursor = (query: SearchQuery, { top, bottom, score, id }: Place): string =>
  Buffer.from([fingerprintOf(query), top, bottom, score, id].join(' ')).toString('base64url')

const cursorToPlace = (query: SearchQuery, cursor: string): Place => {
  const [fingerprint, ...numbers] = Buffer.from(cursor, 'base64url').toString().split(' ')
  const [top = Number.NaN, bottom = Number.NaN, score = Number.NaN, id = Number.NaN] =
    numbers.map(Number)
  const isWhole = [top, bottom, id].every(Number.isSafeInteger) && Number.isFinite(score)
  if (fingerprint !== fingerprintOf(query) || numbers.length !== 4 || !isWhole)
    throw new CursorError()
  return { top, bottom, score, id }
}

const isAfter = (one: Candidate, place: Candidate): boolean =>
  one.score < place.score || (one.score === place.score && one.id < place.id)

/** The reader of an index. */
export const makeIndexReader = (db: Database, threads: IndexThreads): IndexReader => {
  const matching = db.prepare(
    'select rowid from words where words match ? and rowid between ? and ? order by rowid desc limit ?',
  )
  const between = db.prepare(
    'select id from documents where id between ? and ? order by id desc limit ?',
  )
  const times = db.prepare('select at from documents where id = ?').pluck()
  const texts = db.prepare(
    `select type, length, substr(text, 1, ${RANKED_TEXT}) as text from documents where id = ?`,
  )
  const rows = db.prepare(
    `select threads.threadId, turnId, itemId, type, tool, status, at, text
     from documents join threads on threads.id = lane where documents.id = ?`,
  )
  const drift = db.prepare("select value from marks where name = 'drift'").pluck()

  const scoresOf = (ids: readonly number[], query: SearchQuery): Candidate[] => {
    if (query.words.length === 0) return ids.map((id) => ({ id, score: 0 }))
    const rank = wordsToRank(query.words)
    return ids
      .map((id) => ({ id, score: rank(texts.get(id) as Parameters<typeof rank>[0]) }))
      .sort((a, b) => b.score - a.score || b.id - a.id)
  }

  const makeFinder = (query: SearchQuery, lanes: readonly number[] | null) => {
    const match = queryToMatch(query, lanes)
    const { since, until } = query
    // A number is at or a little after its item's instant.
    const lowest = since ?? 0
    const late = (drift.get() as number | undefined) ?? 0
    const highest = until === null ? Number.MAX_SAFE_INTEGER : until + late
    const isInTime = (id: number): boolean => {
      if (since === null && until === null) return true
      const at = times.get(id) as number
      return (since === null || at >= since) && (until === null || at < until)
    }
    return {
      lowest,
      highest,
      idsBetween: (bottom: number, top: number, limit: number): number[] => {
        const from = Math.max(bottom, lowest)
        const to = Math.min(top, highest)
        if (from > to) return []
        const found =
          match === null
            ? between.pluck().all(from, to, limit)
            : matching.pluck().all(match, from, to, limit)
        return found as number[]
      },
      isInTime,
    }
  }

  const toHit = ({ id, score }: Candidate, query: SearchQuery): SearchHit => {
    const { text, ...row } = rows.get(id) as Row
    return { ...row, score, ...textToSnippet(text, query.words) }
  }

  return {
    page: ({ query, limit, cursor }) => {
      const lanes = query.threadIds === null ? null : threads.numbersOf(query.threadIds)
      if (lanes?.length === 0) return { hits: [], nextCursor: null }
      const { idsBetween, isInTime, highest } = makeFinder(query, lanes)
      // Without words the order is that of the rows: a window is no more than a page.
      const size = query.words.length === 0 ? limit + 1 : WINDOW
      const found: { place: Place; one: Candidate }[] = []
      let place = cursor === null ? null : cursorToPlace(query, cursor)
      let top = place?.top ?? highest
      while (found.length <= limit) {
        const ids = place
          ? idsBetween(place.bottom, place.top, GROWN_WINDOW)
          : idsBetween(0, top, size)
        const [newest] = ids
        const bottom = place?.bottom ?? ids.at(-1)
        if (bottom === undefined) break
        const window = { top: place?.top ?? newest ?? top, bottom }
        for (const one of scoresOf(ids.filter(isInTime), query)) {
          if (place === null || isAfter(one, place))
            found.push({ one, place: { ...window, ...one } })
        }
        if (place === null && ids.length < size) break
        place = null
        top = bottom - 1
      }
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      return {
        hits: shown.map(({ one }) => toHit(one, query)),
        nextCursor: found.length > limit && last ? placeToCursor(query, last.place) : null,
      }
    },
  }
}

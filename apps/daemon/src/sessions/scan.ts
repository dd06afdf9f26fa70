// Walks pages of somebody else's list, keeps what fits, and stops when there is enough of it or enough
// was looked at. Where it stops within a page, its cursor says after which entry, so that a page can be
// handed back without loss.
import { DispatchError } from '@dispatch/contract'
import type { Page } from '../codex/history-reader.ts'

/** One walk. */
export type Scan<T> = {
  /** `nextCursor` of an earlier walk, or null. */
  cursor: string | null
  /** Entries that are kept at most. */
  limit: number
  /** Entries that are looked at most. */
  maxScan: number
  page(cursor: string | null, limit: number): Promise<Page<T>>
  idOf(entry: T): string
  fits(entry: T): boolean
  /** Whether no later entry can fit. */
  isPast?(entry: T): boolean
}

/** What a walk found. */
export type Scanned<T> = { found: T[]; scanned: number; nextCursor: string | null }

type Place = { page: string | null; after: string | null }

/** Codex's own bound. */
const PAGE_MAX = 100

const placeToCursor = (place: Place): string =>
  Buffer.from(JSON.stringify([place.page, place.after])).toString('base64url')

const isText = (value: unknown): value is string | null =>
  value === null || typeof value === 'string'

/** The place of a cursor; throws `validation` for what is none. */
const cursorToPlace = (cursor: string | null): Place => {
  if (cursor === null) return { page: null, after: null }
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(value) && value.length === 2 && value.every(isText)) {
      const [page = null, after = null] = value
      return { page, after }
    }
  } catch {
    // Said below.
  }
  throw new DispatchError('validation', 'That is no cursor of this list.', {
    hint: 'Take nextCursor of an earlier answer to the same question.',
  })
}

/** Walks. */
export const scanPages = async <T>(scan: Scan<T>): Promise<Scanned<T>> => {
  const found: T[] = []
  let scanned = 0
  const couldFit = (entry: T): boolean => scan.fits(entry) && !scan.isPast?.(entry)
  let { page: cursor, after } = cursorToPlace(scan.cursor)
  for (;;) {
    const page = await scan.page(cursor, PAGE_MAX)
    // An entry that has moved meanwhile is not in its page any more: then the page is read anew.
    const start =
      after === null ? 0 : page.data.findLastIndex((one) => scan.idOf(one) === after) + 1
    for (let at = start; at < page.data.length; at += 1) {
      const entry = page.data[at] as T
      if (scan.isPast?.(entry)) return { found, scanned, nextCursor: null }
      scanned += 1
      if (scan.fits(entry)) found.push(entry)
      if (found.length < scan.limit && scanned < scan.maxScan) continue
      const rest = page.data.slice(at + 1)
      const isOver = rest.length === 0 || (found.length >= scan.limit && !rest.some(couldFit))
      if (isOver && page.nextCursor === null) return { found, scanned, nextCursor: null }
      const last = page.data.at(-1) ?? entry
      const place = isOver
        ? { page: page.nextCursor, after: scan.idOf(last) }
        : { page: cursor, after: scan.idOf(entry) }
      return { found, scanned, nextCursor: placeToCursor(place) }
    }
    // A cursor that leads nowhere else would be followed for ever.
    if (page.nextCursor === null || page.nextCursor === cursor) {
      return { found, scanned, nextCursor: null }
    }
    const last = page.data.at(-1)
    after = last === undefined ? null : scan.idOf(last)
    cursor = page.nextCursor
  }
}

/** Pages as the real server cuts them: opaque cursors, at most 100 entries a page. */
import { Refusal } from './failure.ts'

export interface PageParams {
  cursor?: string | null
  limit?: number | null
  sortDirection?: 'asc' | 'desc' | null
}

export interface Page<T> {
  data: T[]
  nextCursor: string | null
  backwardsCursor: string | null
}

/** `entries` are oldest first; a cursor survives entries that are appended later. */
export function toPage<T>(entries: T[], params: PageParams, byDefault: 'asc' | 'desc'): Page<T> {
  const { cursor, sortDirection } = params
  const limit = Math.min(params.limit ?? 25, 100)
  const descends = (sortDirection ?? byDefault) === 'desc'
  const from = cursor == null ? (descends ? entries.length : 0) : Number(cursor.replace('at:', ''))
  if (!Number.isInteger(from)) throw new Refusal(`invalid cursor: ${cursor}`)
  const data = descends
    ? entries.slice(Math.max(0, from - limit), from).toReversed()
    : entries.slice(from, from + limit)
  const next = descends ? from - data.length : from + data.length
  const isEnd = descends ? next <= 0 : next >= entries.length
  return {
    data,
    nextCursor: isEnd ? null : `at:${next}`,
    backwardsCursor: data.length === 0 ? null : `at:${from}`,
  }
}

// Finds what a person names by an id, whole or shortened: the one rule for requests, deliveries and
// triggers. An id that is there as it stands is that one; a beginning has to be that of one alone.
import { DispatchError, SHORT_ID_MIN } from '@dispatch/contract'

/** Where it looks, and how it tells. */
export type ShortIds<Row> = {
  /** What is looked for, in a word: `trigger`. */
  what: string
  exact(id: string): Row | null
  begins(prefix: string, limit: number): readonly Row[]
  /** What a person goes by to choose one. */
  about(row: Row): Record<string, unknown>
  /** The command that shows the ids. */
  list: string
}

/** Candidates that a refusal lists at most. */
export const CANDIDATES_MAX = 10

/** The refusal of a name that fits several. */
export const ambiguousError = <Row>(
  given: string,
  rows: readonly Row[],
  { what, about, list }: Pick<ShortIds<Row>, 'what' | 'about' | 'list'>,
): DispatchError =>
  new DispatchError('validation', `"${given}" names more than one ${what}.`, {
    hint: `Give more of the id: ${list}`,
    details: { given, candidates: rows.slice(0, CANDIDATES_MAX).map(about) },
  })

/** What is named so, or null; throws `validation` with the candidates. */
export const byShortId = <Row>(given: string, ids: ShortIds<Row>): Row | null => {
  const exact = ids.exact(given)
  if (exact) return exact
  const id = given.toLowerCase()
  const rows = id.length >= SHORT_ID_MIN ? ids.begins(id, CANDIDATES_MAX) : []
  if (rows.length > 1) throw ambiguousError(given, rows, ids)
  return rows[0] ?? null
}

/** What to add to "there is none" of a text that is too short for an id, and nothing of another one. */
export const shortIdToAdvice = (given: string): string =>
  /^[0-9a-f]{1,7}$/i.test(given) ? `: give ${SHORT_ID_MIN} or more characters of its id` : ''

// query: what a person or an agent asks of the index, checked and put into its words; what is found, with
// the lanes that it is of. Asks nothing of Codex.
import { type Call, DispatchError, type QueryInput, type QueryResult } from '@dispatch/contract'
import {
  type LaneRow,
  type SearchHit,
  type SearchQuery,
  type Store,
  textToWords,
  type Word,
  WordsError,
} from '@dispatch/store'
import type { Clock } from '../../clock/clock.ts'
import { msToIso } from '../../clock/instant.ts'
import { rowToIdentity } from '../../lanes/lane-view.ts'
import { textToPast } from '../../sessions/instant.ts'
import type { Indexing } from './indexing.ts'

type QueryOptions = {
  clock: Pick<Clock, 'now'>
  store: Store
  indexing: Pick<Indexing, 'page' | 'state'>
  /** The lane of a selector, for reading. */
  resolve: (selector: string) => LaneRow
}

const LIMIT = 20

const wordsOf = (text: string | undefined): Word[] => {
  if (text === undefined) return []
  try {
    return textToWords(text)
  } catch (error) {
    if (!(error instanceof WordsError)) throw error
    throw new DispatchError('validation', error.message, {
      hint: 'dispatch query "schema drift", dispatch query "migr*"',
      cause: error,
    })
  }
}

const timesOf = ({ since, until }: QueryInput, asked: { zone: string; now: number }) => {
  const from = since === undefined ? null : textToPast(since, asked, '--since').from
  const to = until === undefined ? null : textToPast(until, asked, '--until').to
  if (from === null || to === null || from < to) return { since: from, until: to }
  throw new DispatchError('validation', '--until lies before --since.', {
    details: { since, until },
  })
}

const isEmpty = ({ limit: _limit, cursor: _cursor, ...asked }: QueryInput): boolean =>
  Object.values(asked).every((value) =>
    Array.isArray(value) ? value.length === 0 : value === undefined || value === false,
  )

const unlessEmpty = <T>(values: readonly T[] | undefined): readonly T[] | null =>
  values === undefined || values.length === 0 ? null : values

/** Makes the op. */
export const makeQuery = ({ store, clock, indexing, resolve }: QueryOptions) => {
  const inputToQuery = (input: QueryInput, zone: string): SearchQuery => ({
    words: wordsOf(input.text),
    threadIds: unlessEmpty(input.lanes)?.map((lane) => resolve(lane).threadId) ?? null,
    types: unlessEmpty(input.types),
    tool: input.tool ?? null,
    file: input.file ?? null,
    status: input.status ?? null,
    errored: input.errored ?? false,
    ...timesOf(input, { zone, now: clock.now() }),
  })

  const toMatch = (hit: SearchHit): QueryResult['matches'] => {
    const { threadId, status, at, ...rest } = hit
    const lane = store.lanes.get(threadId)
    // Forgotten while it was looked for.
    if (!lane) return []
    return [{ ...rowToIdentity(lane), ...rest, itemStatus: status, at: msToIso(at) }]
  }

  return async (input: QueryInput, call: Pick<Call, 'zone' | 'signal'>): Promise<QueryResult> => {
    if (isEmpty(input)) {
      throw new DispatchError('validation', 'What to look for? Give words or a filter.', {
        hint: 'dispatch query "schema drift", dispatch query --errored --since 2026-06-01',
      })
    }
    const query = inputToQuery(input, call.zone)
    const { limit = LIMIT, cursor = null } = input
    const { hits, nextCursor } = await indexing.page({ query, limit, cursor }, call)
    const index = indexing.state()
    const behind = `${index.lanesToDo} lane${index.lanesToDo === 1 ? ' is' : 's are'}`
    return {
      matches: hits.flatMap(toMatch),
      nextCursor,
      index,
      notes:
        index.state === 'behind'
          ? [`${behind} not wholly indexed yet: dispatch daemon status shows how far it is.`]
          : [],
    }
  }
}

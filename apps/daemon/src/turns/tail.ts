// tail: a lane's history from Codex, and from our own registry where Codex has none to give.
import type { CodexClient } from '@dispatch/codex-client'
import {
  type Call,
  DispatchError,
  type EventStream,
  type TailEvent,
  type TailFollowInput,
  type TailInput,
  type TailResult,
  type TranscriptItem,
} from '@dispatch/contract'
import type { ItemRow, LaneRow, Store } from '@dispatch/store'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { HistoryItem, HistoryReader } from '../codex/history-reader.ts'
import type { EventLog } from '../events/event-log.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import { followTail } from './tail-follow.ts'

const DEFAULT_LIMIT = 50
const PAGE = 100
/** Pages that a filter by type reads at most. */
const PAGES_MAX = 50

const iso = (ms: number | null | undefined): string | null =>
  ms == null ? null : new Date(ms).toISOString()

/** A stored item as it is shown. */
const rowToItem = (row: ItemRow): TranscriptItem => ({
  id: row.id,
  turnId: row.turnId,
  type: row.type,
  text: row.text,
  status: row.status,
  startedAt: iso(row.startedAt),
  completedAt: iso(row.completedAt),
})

const historyToItem = (item: HistoryItem): TranscriptItem => ({
  id: item.id,
  turnId: item.turnId,
  type: item.type,
  text: item.text,
  status: item.status,
  startedAt: iso(item.startedAt),
  completedAt: iso(item.completedAt),
})

type ItemPage = { items: TranscriptItem[]; previousCursor: string | null }

const noCursor = (before: string): DispatchError =>
  new DispatchError('validation', `No cursor of this history: ${before}`, {
    hint: 'Use previousCursor of an earlier answer; a lane whose Codex is away has other cursors.',
  })

/** Cursors say which history they belong to. */
const cursorOf = (origin: 'codex' | 'registry', before: string | undefined): string | null => {
  if (before === undefined) return null
  const prefix = `${origin}:`
  if (before.startsWith(prefix)) return before.slice(prefix.length)
  throw noCursor(before)
}

const fromRegistry = (store: Store, lane: LaneRow, input: TailInput): ItemPage => {
  const before = cursorOf('registry', input.before)
  if (before !== null && !/^\d+$/.test(before)) throw noCursor(before)
  const rows = store.items.list(lane.threadId, {
    limit: (input.limit ?? DEFAULT_LIMIT) + 1,
    types: input.types ?? null,
    beforeOrdinal: before === null ? null : Number(before),
  })
  const more = rows.length > (input.limit ?? DEFAULT_LIMIT)
  const shown = more ? rows.slice(1) : rows
  const [oldest] = shown
  return {
    items: shown.map(rowToItem),
    previousCursor: more && oldest ? `registry:${oldest.ordinal}` : null,
  }
}

/** Shows histories. */
export type Tail = {
  tail(lane: LaneRow, input: TailInput): Promise<TailResult>
  /** The past, then the present, for ever. */
  follow(lane: LaneRow, input: TailFollowInput, call: Call): EventStream<TailEvent>
}

type TailOptions = { store: Store; link: CodexLink; history: HistoryReader; events: EventLog }

/** Makes the showing of histories. */
export const makeTail = ({ store, link, history, events }: TailOptions): Tail => {
  const fromCodex = async (
    client: CodexClient,
    lane: LaneRow,
    input: TailInput,
  ): Promise<ItemPage> => {
    const limit = input.limit ?? DEFAULT_LIMIT
    const fits = ({ type }: HistoryItem): boolean => !input.types || input.types.includes(type)
    const read = (cursor: string | null, size: number) =>
      history.items(client, { threadId: lane.threadId, cursor, limit: size, order: 'desc' })
    const newest: HistoryItem[] = []
    let cursor = cursorOf('codex', input.before)
    for (let pages = 0; pages < PAGES_MAX && newest.length < limit; pages += 1) {
      const missing = limit - newest.length
      let page = await read(cursor, input.types ? PAGE : Math.min(PAGE, missing))
      const enough = page.data.filter(fits)[missing - 1]
      const end = enough ? page.data.indexOf(enough) + 1 : page.data.length
      // Cursors stand between pages: a page that holds too many is read again, up to the last.
      if (end < page.data.length) page = await read(cursor, end)
      newest.push(...page.data.filter(fits))
      cursor = page.nextCursor
      if (cursor === null) break
    }
    const items = newest.toReversed().map(historyToItem)
    return { items, previousCursor: cursor && `codex:${cursor}` }
  }

  const tail: Tail['tail'] = async (lane, input) => {
    const client = link.current()
    const origin = client && !lane.ephemeral ? 'codex' : 'registry'
    if (input.limit === 0) {
      return { ...rowToIdentity(lane), items: [], origin, previousCursor: null }
    }
    try {
      const page =
        client && origin === 'codex'
          ? await fromCodex(client, lane, input)
          : fromRegistry(store, lane, input)
      return { ...rowToIdentity(lane), ...page, origin }
    } catch (error) {
      throw codexFailureToError(error)
    }
  }

  return {
    tail,
    follow: (lane, input, call) => followTail({ events, tail }, lane, { input, call }),
  }
}

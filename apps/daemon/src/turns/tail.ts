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
import { codexFailureToError, isSilence } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { HistoryItem, HistoryReader } from '../codex/history-reader.ts'
import type { EventLog } from '../events/event-log.ts'
import { rowToIdentity, turnFactToTurn, turnOf } from '../lanes/lane-view.ts'
import { checkItemTypes } from './item-types.ts'
import { followTail } from './tail-follow.ts'
import { turnsEndingIn, withTurnEnds } from './turn-ends.ts'
import { msToIso } from '../clock/instant.ts'

const DEFAULT_LIMIT = 50
const PAGE = 100
/** Pages that a filter by type reads at most. */
const PAGES_MAX = 50

/** A stored item as it is shown. */
const rowToItem = (row: ItemRow): TranscriptItem => ({
  id: row.id,
  turnId: row.turnId,
  type: row.type,
  text: row.text,
  status: row.status,
  startedAt: msToIso(row.startedAt),
  completedAt: msToIso(row.completedAt),
})

const historyToItem = (item: HistoryItem): TranscriptItem => ({
  id: item.id,
  turnId: item.turnId,
  type: item.type,
  text: item.text,
  status: item.status,
  startedAt: msToIso(item.startedAt),
  completedAt: msToIso(item.completedAt),
})

type ItemPage = { items: TranscriptItem[]; previousCursor: string | null }

type Origin = 'codex' | 'registry'

/** A place in a history: the item above which the next page ends, and the turn of that item. */
type Place = { at: string; turnId: string | null }

const noCursor = (before: string): DispatchError =>
  new DispatchError('validation', `No cursor of this history: ${before}`, {
    hint: 'Use previousCursor of an earlier answer; a lane whose Codex is away has other cursors.',
  })

/** Cursors say which history they belong to, and of which turn the item is that they stand above. */
const placeToCursor = (origin: Origin, { at, turnId }: Place): string =>
  `${origin}:${turnId ?? ''}/${at}`

const cursorToPlace = (origin: Origin, before: string | undefined): Place | null => {
  if (before === undefined) return null
  const [, from, turnId, at] = /^([a-z]+):([^/]*)\/(.+)$/s.exec(before) ?? []
  if (from !== origin || at === undefined) throw noCursor(before)
  return { at, turnId: turnId || null }
}

const isOfRegistry = (before: string | undefined): boolean =>
  before?.startsWith('registry:') ?? false

const ownViewOnly = (what: string, { source }: LaneRow): string =>
  source === 'attached'
    ? `Codex ${what}, and it alone has the history of an attached lane.`
    : `Codex ${what}: these are the items that dispatch itself saw.`

const fromRegistry = (store: Store, lane: LaneRow, input: TailInput): ItemPage => {
  const place = cursorToPlace('registry', input.before)
  if (place !== null && !/^\d+$/.test(place.at)) throw noCursor(input.before ?? '')
  const rows = store.items.list(lane.threadId, {
    limit: (input.limit ?? DEFAULT_LIMIT) + 1,
    types: input.types ?? null,
    beforeOrdinal: place === null ? null : Number(place.at),
  })
  const more = rows.length > (input.limit ?? DEFAULT_LIMIT)
  const shown = more ? rows.slice(1) : rows
  const [oldest] = shown
  return {
    items: shown.map(rowToItem),
    previousCursor:
      more && oldest
        ? placeToCursor('registry', { at: String(oldest.ordinal), turnId: oldest.turnId })
        : null,
  }
}

/** Shows histories. */
export type Tail = {
  tail(lane: LaneRow, input: TailInput): Promise<TailResult>
  /** The past, then the present, for ever. */
  follow(lane: LaneRow, input: TailFollowInput, call: Call): EventStream<TailEvent>
}

/** What it needs. */
export type TailOptions = {
  store: Store
  link: CodexLink
  history: HistoryReader
  events: EventLog
}

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
    let cursor = cursorToPlace('codex', input.before)?.at ?? null
    let turnId: string | null = null
    for (let pages = 0; pages < PAGES_MAX && newest.length < limit; pages += 1) {
      const missing = limit - newest.length
      let page = await read(cursor, input.types ? PAGE : Math.min(PAGE, missing))
      const enough = page.data.filter(fits)[missing - 1]
      const end = enough ? page.data.indexOf(enough) + 1 : page.data.length
      // Cursors stand between pages: a page that holds too many is read again, up to the last.
      if (end < page.data.length) page = await read(cursor, end)
      newest.push(...page.data.filter(fits))
      turnId = page.data.at(-1)?.turnId ?? turnId
      cursor = page.nextCursor
      if (cursor === null) break
    }
    const items = newest.toReversed().map(historyToItem)
    const previousCursor = cursor && placeToCursor('codex', { at: cursor, turnId })
    return { items, previousCursor }
  }

  // Turns that dispatch did not see are asked of Codex, the newest of them.
  const knownTurns = async (client: CodexClient | null, lane: LaneRow, ids: readonly string[]) => {
    const known = new Map(ids.map((id) => [id, turnOf(store, lane.threadId, id)]))
    if (client === null || [...known.values()].every((turn) => turn !== null)) return known
    const { data } = await history.turns(client, lane.threadId, null)
    for (const turn of data) {
      // So reads one that another process is at, too.
      if (turn.status === 'interrupted' && turn.completedAt === null) continue
      known.set(turn.id, known.get(turn.id) ?? turnFactToTurn(turn))
    }
    return known
  }

  const addEnds = async (
    client: CodexClient | null,
    lane: LaneRow,
    asked: [TailInput, ItemPage],
  ) => {
    const [input, page] = asked
    const newer = cursorToPlace(client ? 'codex' : 'registry', input.before)?.turnId ?? null
    const ending = turnsEndingIn(page.items, newer)
    const turns = await knownTurns(client, lane, [...ending.keys()])
    return { ...page, items: withTurnEnds(page.items, ending, (id) => turns.get(id) ?? null) }
  }

  const show = async (client: CodexClient | null, lane: LaneRow, input: TailInput) => {
    const page = client ? await fromCodex(client, lane, input) : fromRegistry(store, lane, input)
    return input.types ? page : await addEnds(client, lane, [input, page])
  }

  const ownView = async (
    lane: LaneRow,
    input: TailInput,
    notes: string[],
  ): Promise<TailResult> => ({
    ...rowToIdentity(lane),
    ...(await show(null, lane, input)),
    origin: 'registry',
    notes,
  })

  const tail: Tail['tail'] = async (lane, input) => {
    checkItemTypes(store, lane, input.types)
    const client = link.current()
    const origin = client && !lane.ephemeral ? 'codex' : 'registry'
    if (input.limit === 0) {
      return { ...rowToIdentity(lane), items: [], origin, previousCursor: null, notes: [] }
    }
    // Codex keeps nothing of an ephemeral lane, and a page goes on where the one before came from.
    if (lane.ephemeral || isOfRegistry(input.before)) return await ownView(lane, input, [])
    if (client === null) return await ownView(lane, input, [ownViewOnly('is away', lane)])
    try {
      const shown = await show(client, lane, input)
      return { ...rowToIdentity(lane), ...shown, origin: 'codex', notes: [] }
    } catch (error) {
      if (isSilence(error) && input.before === undefined) {
        return await ownView(lane, input, [ownViewOnly('did not answer', lane)])
      }
      throw codexFailureToError(error)
    }
  }

  return {
    tail,
    follow: (lane, input, call) => followTail({ events, tail }, lane, { input, call }),
  }
}

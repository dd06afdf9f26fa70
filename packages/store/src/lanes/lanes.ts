// The lanes of the registry.
import type { LaneStatus } from '@dispatch/contract'
import { sql as raw } from 'kysely'
import type { Bindings, Connection } from '../database/connection.ts'
import { makeKept } from '../database/kept.ts'
import { makeKeptRows } from '../database/kept-rows.ts'
import { makePatch } from '../database/patch.ts'
import type { Columns } from '../database/tables.ts'
import { makeLeaving } from '../triggers/leaving.ts'
import { type CutLanes, makeCutLanes } from './cut-lanes.ts'
import { laneCodec } from './lane-codec.ts'
import { makeLaneList } from './lane-list.ts'
import type {
  LaneListQuery,
  LaneMarks,
  LanePage,
  LanePatch,
  LaneRow,
  OpenLane,
} from './lane-row.ts'

/** Repository of the lanes. "Live" means not archived. */
export type Lanes = CutLanes & {
  /** Throws `UniqueError` when thread id, ref, call id or (among live lanes) handle is taken. */
  insert(row: LaneRow): void
  /** Whether there was such a lane. Throws `UniqueError` when the handle is taken. */
  update(threadId: string, patch: LanePatch): boolean
  get(threadId: string): LaneRow | null
  byCallId(callId: string): LaneRow | null
  byRef(ref: string): LaneRow | null
  /** `handle` with its `@`; exact. */
  byLiveHandle(handle: string): LaneRow | null
  /** Exact title; newest first. */
  byLiveTitle(title: string, limit?: number): LaneRow[]
  /** Archived lanes with exactly that handle (with its `@`) or title; newest first. */
  byArchivedLabel(label: string, limit?: number): LaneRow[]
  /** Lanes, archived ones too, whose thread id starts so; newest first. */
  byIdPrefix(prefix: string, limit?: number): LaneRow[]
  /** Live lanes whose handle (with its `@`) or ref begins so: by handle, then by ref. */
  beginningWith(word: string, limit: number): LaneRow[]
  /** Live lanes whose title has that part, ASCII letters in either case; newest first. */
  byTitlePart(part: string, limit: number): LaneRow[]
  /** How many live lanes the agent of that one has made. */
  childrenOf(parentId: string): number
  /** How many live lanes the agents below that one have made, its own included. */
  below(rootId: string): number
  /** Throws `CursorError` on a cursor that no page gave. */
  list(query: LaneListQuery): LanePage
  /** All live lanes. */
  open(): OpenLane[]
  /** The threads of all lanes, archived ones too. */
  threadIds(): string[]
  /** Live lanes that are stalled, oldest first. */
  stalled(limit: number): LaneRow[]
  /** Live lanes for which messages wait, and how many of them hold them. */
  queues(): { lanes: number; held: number }
  /** Live lanes that hold messages, oldest first. */
  holding(limit: number): LaneRow[]
  /** Live lanes by their marks. */
  marks(): LaneMarks
  /** Live lanes by status; a status that no lane has is 0. */
  counts(): Record<LaneStatus, number>
}

const noLanes = (): Record<LaneStatus, number> => ({
  idle: 0,
  busy: 0,
  waiting_approval: 0,
  error: 0,
  archived: 0,
  unknown: 0,
})

const MANY = 100

/** What lanes are counted by. */
const COUNTED: ReadonlySet<string> = new Set(['status', 'held', 'stalled', 'archivedAt'])

/** Sorts after every string that starts with the prefix. */
const afterPrefix = (prefix: string): string => `${prefix}\u{10FFFF}`

const escapeLike = (part: string): string => part.replace(/[\\%_]/g, '\\$&')

/** The lanes on a connection. */
export const makeLanes = (connection: Connection): Lanes => {
  const { sql, statement } = connection
  const leaving = makeLeaving(connection)
  const all = sql.selectFrom('lanes').selectAll()
  const live = all.where('archivedAt', 'is', null)
  const newest = (query: typeof all) =>
    query.orderBy('createdAt', 'desc').orderBy('threadId', 'desc')
  type Key = { value: string }
  type Search = Key & { limit: number }

  const insert = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .insertInto('lanes')
        .values(Object.fromEntries(columns.map((name) => [name, slot(name)])) as Columns<LaneRow>),
    ),
  )
  const update = makePatch((columns) =>
    statement<Bindings>()((slot) =>
      sql
        .updateTable('lanes')
        .set(Object.fromEntries(columns.map((name) => [name, slot(name)])))
        .where('threadId', '=', slot('keyThreadId') as string),
    ),
  )
  const byThread = statement<Key>()((slot) => all.where('threadId', '=', slot('value')))
  const byCall = statement<Key>()((slot) => all.where('callId', '=', slot('value')))
  const byRef = statement<Key>()((slot) => all.where('ref', '=', slot('value')))
  const byHandle = statement<Key>()((slot) => live.where('handle', '=', slot('value')))
  const byTitle = statement<Search>()((slot) =>
    newest(live.where('title', '=', slot('value'))).limit(slot('limit')),
  )
  const byArchived = statement<Search>()((slot) =>
    newest(
      all
        .where('archivedAt', 'is not', null)
        .where(({ eb, or }) =>
          or([eb('handle', '=', slot('value')), eb('title', '=', slot('value'))]),
        ),
    ).limit(slot('limit')),
  )
  const byPrefix = statement<Search & { end: string }>()((slot) =>
    newest(all.where('threadId', '>=', slot('value')).where('threadId', '<', slot('end'))).limit(
      slot('limit'),
    ),
  )
  const byHandleStart = statement<Search & { end: string }>()((slot) =>
    live
      .where('handle', '>=', slot('value'))
      .where('handle', '<', slot('end'))
      .orderBy('handle')
      .limit(slot('limit')),
  )
  const byRefStart = statement<Search & { end: string }>()((slot) =>
    live
      .where('ref', '>=', slot('value'))
      .where('ref', '<', slot('end'))
      .orderBy('ref')
      .limit(slot('limit')),
  )
  const byPart = statement<Search>()((slot) =>
    newest(live.where(raw<boolean>`title like ${slot('value')} escape '\\'`)).limit(slot('limit')),
  )
  const children = statement<Key>()((slot) =>
    sql
      .selectFrom('lanes')
      .select(({ fn }) => fn.countAll<number>().as('lanes'))
      .where('parentId', '=', slot('value'))
      .where('archivedAt', 'is', null),
  )
  const below = statement<Key>()((slot) =>
    sql
      .selectFrom('lanes')
      .select(({ fn }) => fn.countAll<number>().as('lanes'))
      .where('rootId', '=', slot('value'))
      .where('archivedAt', 'is', null),
  )
  const threadIds = statement<Bindings>()(() => sql.selectFrom('lanes').select('threadId'))
  const open = statement<Bindings>()(() =>
    sql
      .selectFrom('lanes')
      .select(['threadId', 'activeTurnId', 'status', 'ephemeral', 'source'])
      .where('archivedAt', 'is', null),
  )
  const counts = statement<Bindings>()(() =>
    sql
      .selectFrom('lanes')
      .select(({ fn }) => ['status', fn.countAll<number>().as('lanes')])
      .where('archivedAt', 'is', null)
      .groupBy('status'),
  )
  // Written out, not bound: SQLite uses the partial indexes only where it sees the same words.
  const isStalled = raw<boolean>`stalled = 1`
  const stalled = statement<{ limit: number }>()((slot) =>
    live.where(isStalled).orderBy('createdAt').limit(slot('limit')),
  )
  // The words of the partial index: a look at it for each lane, however long the queues are.
  const hasQueue = raw<boolean>`exists (
    select 1 from deliveries where deliveries.threadId = lanes.threadId
      and state in ('queued', 'submitting', 'ambiguous') and state = 'queued'
  )`
  const queues = statement<Bindings>()(() =>
    sql
      .selectFrom('lanes')
      .select(({ fn }) => [fn.countAll<number>().as('lanes'), fn.sum<number>('held').as('held')])
      .where('archivedAt', 'is', null)
      .where(hasQueue),
  )
  const holding = statement<{ limit: number }>()((slot) =>
    live
      .where(raw<boolean>`held = 1`)
      .where(hasQueue)
      .orderBy('createdAt')
      .limit(slot('limit')),
  )
  const marks = statement<Bindings>()(() => {
    const liveLanes = sql
      .selectFrom('lanes')
      .select(({ fn }) => fn.countAll<number>().as('lanes'))
      .where('archivedAt', 'is', null)
    return sql.selectNoFrom([
      liveLanes.where(isStalled).as('stalled'),
      liveLanes.where(raw<boolean>`held = 1`).as('held'),
    ])
  })
  const one = (row: Columns<LaneRow> | undefined): LaneRow | null =>
    row === undefined ? null : laneCodec.decode(row)
  const many = (rows: Columns<LaneRow>[]): LaneRow[] => rows.map(laneCodec.decode)

  // Counting costs by the lane, and every `daemon status` asks.
  const counted = makeKept(connection, () => {
    const result = noLanes()
    for (const row of counts.all({})) result[row.status] = row.lanes
    return result
  })

  const marked = makeKept(connection, (): LaneMarks => {
    const row = marks.get({})
    return { stalled: row?.stalled ?? 0, held: row?.held ?? 0 }
  })
  const changed = (): void => {
    counted.changed()
    marked.changed()
  }
  const isCounted = (columns: object): boolean =>
    Object.keys(columns).some((name) => COUNTED.has(name))
  // Each fact of Codex and each event that is shown names a lane.
  const rows = makeKeptRows(connection, (threadId) => one(byThread.get({ value: threadId })))

  return {
    insert: (row) => {
      changed()
      insert(laneCodec.encode(row), {})
      rows.changed(row.threadId)
    },
    update: (threadId, patch) => {
      const columns = laneCodec.encode(patch)
      if (Object.keys(columns).length === 0) return rows.get(threadId) !== null
      if (isCounted(columns)) changed()
      // In the same commit: whoever has it back since finds it put away, whatever is killed.
      if (patch.archivedAt != null) leaving.archived(threadId, patch.archivedAt)
      const isThere = update(columns, { keyThreadId: threadId }) > 0
      rows.patched(threadId, patch)
      return isThere
    },
    get: rows.get,
    byCallId: (callId) => one(byCall.get({ value: callId })),
    byRef: (ref) => one(byRef.get({ value: ref })),
    byLiveHandle: (handle) => one(byHandle.get({ value: handle })),
    byLiveTitle: (title, limit = MANY) => many(byTitle.all({ value: title, limit })),
    byArchivedLabel: (label, limit = MANY) => many(byArchived.all({ value: label, limit })),
    byIdPrefix: (prefix, limit = MANY) =>
      many(byPrefix.all({ value: prefix, end: afterPrefix(prefix), limit })),
    beginningWith: (word, limit) => {
      const asked = { value: word, end: afterPrefix(word), limit }
      const found = [...byHandleStart.all(asked), ...byRefStart.all(asked)]
      return many(found.slice(0, limit))
    },
    byTitlePart: (part, limit) => many(byPart.all({ value: `%${escapeLike(part)}%`, limit })),
    childrenOf: (parentId) => children.get({ value: parentId })?.lanes ?? 0,
    below: (rootId) => below.get({ value: rootId })?.lanes ?? 0,
    list: makeLaneList(connection),
    ...makeCutLanes(connection),
    threadIds: () => threadIds.all({}).map(({ threadId }) => threadId),
    open: () => open.all({}).map((row) => ({ ...row, ephemeral: row.ephemeral === 1 })),
    stalled: (limit) => many(stalled.all({ limit })),
    queues: () => {
      const row = queues.get({})
      return { lanes: row?.lanes ?? 0, held: row?.held ?? 0 }
    },
    holding: (limit) => many(holding.all({ limit })),
    marks: marked.get,
    counts: counted.get,
  }
}

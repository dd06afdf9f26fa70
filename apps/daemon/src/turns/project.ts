// What a fact does to a lane: pure. The state machine of a lane's turns, written out:
//
//   turn-started              activeTurnId = turn, status busy
//   turn-ended completed      no active turn, status idle, the hold is lifted
//   turn-ended failed         no active turn, status error, held
//   turn-ended interrupted    no active turn, status idle, held; not held where the loss of the
//                             app-server cut it (`cut`)
//
// The end of a turn that is not the active one changes no status: it is history filled up late.
import type { EventType, LaneStatus } from '@dispatch/contract'
import type { ItemRow, LaneRow, TurnRow } from '@dispatch/store'
import type { Fact, ItemFact, TurnFact } from '../codex/fact.ts'

/** An event to append, with the natural key that keeps it single. */
export type Happened = { type: EventType; key: string | null; data: Record<string, unknown> }

/** What to write because of a fact. */
export type Projection = {
  lane: Partial<LaneRow>
  turn: TurnRow | null
  item: Omit<ItemRow, 'ordinal'> | null
  events: Happened[]
}

/** What projection looks at. */
export type ProjectionState = {
  lane: LaneRow
  /** The stored turn that the fact is about, or null. */
  turn: TurnRow | null
  /** The last agent message of that turn, or null. */
  lastMessage: string | null
  at: number
  /** The turn was cut by the loss of the app-server, not by a person. */
  cut: boolean
}

const nothing: Projection = { lane: {}, turn: null, item: null, events: [] }

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

const statusChange = (lane: LaneRow, status: LaneStatus): Happened[] =>
  lane.status === status
    ? []
    : [{ type: 'lane.status-changed', key: null, data: { from: lane.status, to: status } }]

const turnRow = (state: ProjectionState, turn: TurnFact): TurnRow => ({
  threadId: state.lane.threadId,
  id: turn.id,
  status: turn.status,
  startedAt: state.turn?.startedAt ?? turn.startedAt ?? state.at,
  completedAt: turn.status === 'started' ? null : (turn.completedAt ?? state.at),
  durationMs: turn.durationMs,
  error: turn.error,
  errorAt: turn.status === 'failed' ? (turn.completedAt ?? state.at) : null,
  deliveryId: state.turn?.deliveryId ?? null,
})

const isEnded = (turn: TurnRow | null): boolean => turn !== null && turn.status !== 'started'

const started = (state: ProjectionState, turn: TurnFact): Projection => {
  // A start that is reported after the end is history: the end stands.
  if (isEnded(state.turn)) return nothing
  const { lane } = state
  return {
    ...nothing,
    lane: { activeTurnId: turn.id, latestTurnId: turn.id, status: 'busy', stalled: false },
    turn: turnRow(state, { ...turn, status: 'started' }),
    events: [
      {
        type: 'turn.started',
        key: turn.id,
        data: { turnId: turn.id },
      },
      ...statusChange(lane, 'busy'),
    ],
  }
}

const statusAfter = { completed: 'idle', failed: 'error', interrupted: 'idle' } as const

const ended = (state: ProjectionState, turn: TurnFact): Projection => {
  const { lane } = state
  const status = turn.status === 'started' ? 'interrupted' : turn.status
  if (isEnded(state.turn)) return nothing
  const isCurrent = lane.activeTurnId === turn.id || lane.activeTurnId === null
  const isLatest = isCurrent || lane.latestTurnId === turn.id
  const laneStatus = statusAfter[status]
  const held = status === 'failed' || (status === 'interrupted' && !state.cut)
  const message = status === 'completed' ? state.lastMessage : null
  return {
    ...nothing,
    lane: {
      ...(isCurrent
        ? { activeTurnId: null, latestTurnId: turn.id, status: laneStatus, stalled: false }
        : {}),
      ...(isLatest && !(status === 'interrupted' && state.cut) ? { held } : {}),
      ...(message === null ? {} : { lastMessage: message }),
    },
    turn: turnRow(state, { ...turn, status }),
    events: [
      {
        type: `turn.${status}`,
        key: turn.id,
        data: {
          turnId: turn.id,
          durationMs: turn.durationMs,
          error: turn.error,
          lastMessage: message,
          ...(state.cut && status === 'interrupted' ? { reason: 'app-server lost' } : {}),
        },
      },
      ...(isCurrent ? statusChange(lane, laneStatus) : []),
    ],
  }
}

const itemRow = (state: ProjectionState, turnId: string, item: ItemFact): Projection['item'] => ({
  threadId: state.lane.threadId,
  id: item.id,
  turnId,
  type: item.type,
  text: item.text,
  status: item.status,
  startedAt: item.startedAt,
  completedAt: item.completedAt,
})

const itemData = (turnId: string, item: ItemFact) => ({
  id: item.id,
  turnId,
  type: item.type,
  text: item.text,
  status: item.status,
  startedAt: iso(item.startedAt),
  completedAt: iso(item.completedAt),
})

const itemEvent = (
  state: ProjectionState,
  fact: Fact & { kind: 'item-started' | 'item-completed' },
): Projection => {
  const type = fact.kind === 'item-started' ? 'item.started' : 'item.completed'
  // A key begins with the turn's id, which ascends: the index grows at its end.
  const key = `${fact.turnId}/${fact.item.id}`
  return {
    ...nothing,
    item: fact.kind === 'item-completed' ? itemRow(state, fact.turnId, fact.item) : null,
    events: [{ type, key, data: itemData(fact.turnId, fact.item) }],
  }
}

/** What to write because of a fact about that lane. */
export const project = (state: ProjectionState, fact: Fact): Projection => {
  const { lane } = state
  switch (fact.kind) {
    case 'turn-started':
      return started(state, fact.turn)
    case 'turn-ended':
      return ended(state, fact.turn)
    case 'item-started':
    case 'item-completed':
      return itemEvent(state, fact)
    case 'usage':
      return {
        ...nothing,
        lane: { usage: fact.usage },
        events: [{ type: 'usage.updated', key: null, data: { ...fact.usage } }],
      }
    case 'renamed':
      return fact.title === lane.title
        ? nothing
        : {
            ...nothing,
            lane: { title: fact.title },
            events: [
              { type: 'lane.renamed', key: null, data: { from: lane.title, to: fact.title } },
            ],
          }
    case 'archived':
      return lane.archivedAt === null
        ? {
            ...nothing,
            lane: { status: 'archived', archivedAt: state.at },
            events: [{ type: 'lane.archived', key: null, data: {} }],
          }
        : nothing
    case 'unloaded':
    case 'delta':
      return nothing
  }
}

// What a fact does to a lane: pure. The state machine of a lane's turns, written out:
//
//   turn-started              activeTurnId = turn, status busy
//   turn-ended completed      no active turn, status idle, the hold is lifted unless a person set it
//   turn-ended failed         no active turn, status error, held
//   turn-ended interrupted    no active turn, status idle, held; not held where the loss of the
//                             app-server cut it (`cut`)
//
// While a person is asked something the status is waiting_approval, whatever it would be else.
//
// A start that history tells of a turn that has ended, and the end of a turn that is neither active
// nor the newest (Codex's turn ids ascend), change no status: they are filled up late. An archived
// lane stays archived whatever comes late, and has no active turn. An end stands, but for one that was
// judged (cut.ts): the end that Codex tells takes its place.
import type { EventType, LaneStatus } from '@dispatch/contract'
import type { GoalRow, ItemRow, LaneRow, TurnRow } from '@dispatch/store'
import type { Fact, ItemFact, TurnFact } from '../codex/fact.ts'
import type { ThreadStanding } from '../codex/thread-fact.ts'
import { isPaused } from '../deliveries/pause.ts'
import { goalToProjection } from '../goals/goal-projection.ts'
import { msToIso } from '../clock/instant.ts'
import { CUT_REASON, hasEnd, isJudgedCut } from './cut.ts'

/** An event to append, with the natural key that keeps it single. */
export type Happened = { type: EventType; key: string | null; data: Record<string, unknown> }

/** What to write because of a fact. */
export type Projection = {
  lane: Partial<LaneRow>
  turn: TurnRow | null
  item: Omit<ItemRow, 'ordinal'> | null
  /** Absent: it stays what it is. */
  goal?: GoalRow | null
  events: Happened[]
}

/** What projection looks at. */
export type ProjectionState = {
  lane: LaneRow
  /** The stored turn that the fact is about, or null. */
  turn: TurnRow | null
  /** The goal that the registry has of the lane, where the fact is about it. */
  goal: GoalRow | null
  /** The last agent message of that turn, or null. */
  lastMessage: string | null
  /** Whether the item that starts is recorded as complete. */
  itemDone: boolean
  at: number
  /** The lane's handle, or one like it that no other live lane has. */
  freeHandle: string
  /** Filled up after a join: a turn that was interrupted without a time was cut by the loss of the app-server; a person's interruption has one. */
  cut: boolean
  /** Whether a person is asked something that the end of this turn does not settle. */
  asking: boolean
}

const nothing: Projection = { lane: {}, turn: null, item: null, events: [] }

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
  reason: null,
  deliveryId: state.turn?.deliveryId ?? null,
})

const isEnded = (turn: TurnRow | null): boolean => turn !== null && turn.status !== 'started'

const started = (state: ProjectionState, turn: TurnFact): Projection => {
  // A start that is reported after the end is history: the end stands.
  if (isEnded(state.turn)) return nothing
  const { lane } = state
  const row = turnRow(state, { ...turn, status: 'started' })
  const event: Happened = { type: 'turn.started', key: turn.id, data: { turnId: turn.id } }
  if (turn.status !== 'started' || lane.archivedAt !== null) {
    return { ...nothing, turn: row, events: [event] }
  }
  const status = state.asking ? 'waiting_approval' : 'busy'
  // Told again at a join: the lane is where it was, its marks too.
  const isKnown = lane.activeTurnId === turn.id && lane.status === status
  if (isKnown && state.turn?.startedAt != null) return { ...nothing, turn: row, events: [event] }
  return {
    ...nothing,
    lane: { activeTurnId: turn.id, latestTurnId: turn.id, status, stalled: false },
    turn: row,
    events: [event, ...statusChange(lane, status)],
  }
}

const statusAfter = { completed: 'idle', failed: 'error', interrupted: 'idle' } as const

// A person's pause outlasts every turn.
const holdAfter = (lane: LaneRow, status: TurnRow['status']): Partial<LaneRow> => {
  if (isPaused(lane)) return {}
  if (status === 'completed') return { held: false }
  return { held: true, heldFor: status === 'failed' ? 'failed' : 'stopped' }
}

const isNewest = ({ activeTurnId, latestTurnId }: LaneRow, turnId: string): boolean =>
  activeTurnId === null && (latestTurnId === null || turnId >= latestTurnId)

// Of history an end without a time is no more than what was judged already.
const isCorrected = ({ turn: row, cut }: ProjectionState, turn: TurnFact): boolean =>
  row !== null && isJudgedCut(row) && (hasEnd(turn) || (!cut && turn.status !== 'started'))

const ended = (state: ProjectionState, turn: TurnFact): Projection => {
  if (isEnded(state.turn) && !isCorrected(state, turn)) return nothing
  const { lane } = state
  const status = turn.status === 'started' ? 'interrupted' : turn.status
  const isCut = state.cut && status === 'interrupted' && turn.completedAt === null
  const reason = isCut ? CUT_REASON : null
  const isCurrent = lane.activeTurnId === turn.id || isNewest(lane, turn.id)
  const open = state.asking ? 'waiting_approval' : statusAfter[status]
  const laneStatus = lane.archivedAt === null ? open : 'archived'
  const message = status === 'completed' ? state.lastMessage : null
  // Where another turn runs, that one has no message yet, so this is the last.
  const isLastMessage = message !== null && (isCurrent || lane.activeTurnId !== null)
  return {
    ...nothing,
    lane: {
      ...(isCurrent
        ? { activeTurnId: null, latestTurnId: turn.id, status: laneStatus, stalled: false }
        : {}),
      ...(isCurrent && !isCut ? holdAfter(lane, status) : {}),
      ...(isLastMessage ? { lastMessage: message } : {}),
    },
    turn: { ...turnRow(state, { ...turn, status }), reason },
    events: [
      {
        type: `turn.${status}`,
        key: turn.id,
        data: {
          turnId: turn.id,
          durationMs: turn.durationMs,
          error: turn.error,
          lastMessage: message,
          ...(reason === null ? {} : { reason }),
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
  startedAt: msToIso(item.startedAt),
  completedAt: msToIso(item.completedAt),
})

const itemEvent = (
  state: ProjectionState,
  fact: Fact & { kind: 'item-started' | 'item-completed' },
): Projection => {
  // History can be ahead of what comes: an item that is over, or whose turn is, does not start.
  const isLate = state.itemDone || isEnded(state.turn)
  if (fact.kind === 'item-started' && isLate) return nothing
  const type = fact.kind === 'item-started' ? 'item.started' : 'item.completed'
  // A key begins with the turn's id, which ascends: the index grows at its end.
  const key = `${fact.turnId}/${fact.item.id}`
  return {
    ...nothing,
    item: fact.kind === 'item-completed' ? itemRow(state, fact.turnId, fact.item) : null,
    events: [{ type, key, data: itemData(fact.turnId, fact.item) }],
  }
}

// Of an own lane turns and requests tell more than this. Others drive an attached one, of which
// nothing else is told; what no app-server of ours has loaded stands as it did.
const standing = (lane: LaneRow, status: ThreadStanding): Projection =>
  lane.source === 'own' || lane.archivedAt !== null || status === 'not-loaded'
    ? nothing
    : { ...nothing, lane: { status }, events: statusChange(lane, status) }

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
    case 'goal':
      return { ...nothing, ...goalToProjection(state, fact.goal) }
    case 'archived':
      return lane.archivedAt === null
        ? {
            ...nothing,
            lane: {
              status: 'archived',
              archivedAt: state.at,
              activeTurnId: null,
              stalled: false,
            },
            events: [{ type: 'lane.archived', key: null, data: {} }],
          }
        : nothing
    case 'unarchived':
      return lane.archivedAt === null || lane.ephemeral
        ? nothing
        : {
            ...nothing,
            lane: { status: 'idle', archivedAt: null, handle: state.freeHandle },
            events: [{ type: 'lane.restored', key: null, data: { handle: state.freeHandle } }],
          }
    case 'standing':
      return standing(lane, fact.standing)
    case 'unloaded':
    case 'retrying':
    case 'request-resolved':
    case 'delta':
      return nothing
  }
}

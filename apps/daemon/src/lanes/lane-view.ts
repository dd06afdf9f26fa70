// Lane rows as every surface shows them.
import type {
  DispatchEvent,
  LaneDetail,
  LaneIdentity,
  LaneSummary,
  LaneSync,
  Turn,
} from '@dispatch/contract'
import type { LaneRow, Store, SyncRow, TurnRow } from '@dispatch/store'
import type { TurnFact } from '../codex/fact.ts'
import { msToIso } from '../clock/instant.ts'

/** What identifies a lane. */
export const rowToIdentity = (row: LaneRow): LaneIdentity => ({
  ref: row.ref,
  id: row.threadId,
  handle: row.handle,
  title: row.title,
  managed: true,
  source: row.source,
  status: row.status,
  cwd: row.cwd,
})

/** How an event names the lane of that thread; null where it is none. */
export const threadToLabel = (store: Store, threadId: string): DispatchEvent['lane'] => {
  const lane = store.lanes.get(threadId)
  return lane && { ref: lane.ref, id: lane.threadId, handle: lane.handle }
}

/** The lane whose agent made it, or null. */
export const parentOf = (store: Store, { parentId }: LaneRow): LaneDetail['parent'] =>
  parentId === null ? null : threadToLabel(store, parentId)

/** What its agent has of dispatch. */
export const rowToLaneTools = ({ laneTools }: LaneRow): LaneDetail['laneTools'] => ({
  ops: laneTools ?? [],
  reason:
    laneTools === null ? 'Codex started its thread without tools of dispatch, for good.' : null,
})

/** A turn as it is shown. */
const rowToTurn = (row: Omit<TurnRow, 'threadId' | 'deliveryId'>): Turn => ({
  id: row.id,
  status: row.status,
  startedAt: msToIso(row.startedAt),
  completedAt: msToIso(row.completedAt),
  durationMs: row.durationMs,
  error: row.error,
  errorAt: msToIso(row.errorAt),
  reason: row.reason,
})

/** A turn of Codex's history as it is shown. */
export const turnFactToTurn = (turn: TurnFact): Turn =>
  rowToTurn({
    ...turn,
    errorAt: turn.status === 'failed' ? turn.completedAt : null,
    reason: null,
  })

/** The stored turn of that id, or null. */
export const turnOf = (store: Store, threadId: string, turnId: string | null): Turn | null => {
  const row = turnId === null ? undefined : store.turns.get(threadId, turnId)
  return row ? rowToTurn(row) : null
}

const lockedReason = (row: LaneRow): string | null => {
  if (row.archivedAt !== null) return 'archived'
  return row.source === 'attached' ? 'attached' : null
}

/** What the last sync of a lane has found; null: it was never synced. */
export const rowToSync = (row: SyncRow | null): LaneSync => ({
  state: row?.state ?? 'unknown',
  lastSyncedAt: msToIso(row?.syncedAt ?? null),
  sourcePath: row?.path ?? null,
  sourceSize: row?.position?.size ?? null,
  latestEventAt: msToIso(row?.latestEventAt ?? null),
  latestTurnId: row?.latestTurnId ?? null,
  transcriptPartial: row?.state !== 'complete',
  preview: row?.preview ?? null,
  model: row?.model ?? null,
  error: row?.error ?? null,
})

/** A lane in a list. Whether another process has its thread loaded is for the system to tell: `markElsewhere`. */
export const rowToSummary = (store: Store, row: LaneRow): LaneSummary => {
  const reason = lockedReason(row)
  return {
    ...rowToIdentity(row),
    ephemeral: row.ephemeral,
    writable: reason === null,
    writeLockedReason: reason,
    flags: { held: row.held, stalled: row.stalled, runningElsewhere: false },
    stalledReason: row.stalled ? row.stalledReason : null,
    model: row.effective?.model ?? null,
    activeTurn: turnOf(store, row.threadId, row.activeTurnId),
    latestTurn: turnOf(store, row.threadId, row.latestTurnId),
    goalStatus: store.goals.get(row.threadId)?.status ?? null,
    pendingRequests: store.requests.countPending(row.threadId),
    sync: rowToSync(store.syncs.get(row.threadId)),
    createdAt: msToIso(row.createdAt),
    updatedAt: msToIso(row.updatedAt),
  }
}

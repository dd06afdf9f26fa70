// Makes a lane of a thread that was begun: its row, its event, and how far its creation came, in one
// commit that reaches the disk.
import type { CreationDraft, CreationState, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { startedToEffective } from '../codex/translate-settings.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Begun } from './begin-thread.ts'
import type { LaneLoading } from './lane-loading.ts'
import { freeHandle, nameToHandle } from './naming.ts'

/** Registers the thread of a call as a lane. */
export type Registration = (
  begun: Begun,
  draft: CreationDraft,
  creation: { callId: string; state: CreationState },
) => LaneRow

/** Makes the registration. */
export const makeRegistration = (options: {
  store: Store
  clock: Clock
  events: EventLog
  loading: Pick<LaneLoading, 'started'>
}): Registration => {
  const { store, clock, events, loading } = options

  const isTaken = (handle: string): boolean => store.lanes.byLiveHandle(handle) !== null

  const rootOf = ({ threadId, rootId }: NonNullable<CreationDraft['parent']>): string =>
    rootId ?? store.lanes.get(threadId)?.rootId ?? threadId

  const rowOf = ({ started, from }: Begun, draft: CreationDraft, callId: string): LaneRow => {
    const { name, title, cwd, ephemeral, settings, parent } = draft
    const threadId = started.thread.id
    const at = clock.now()
    return {
      threadId,
      ref: store.refs.allocate(threadId),
      name,
      handle: freeHandle(nameToHandle(name), isTaken),
      title,
      source: 'own',
      cwd,
      status: 'idle',
      ephemeral,
      settings,
      effective: startedToEffective(started),
      unset: [],
      parentId: parent?.threadId ?? null,
      rootId: parent ? rootOf(parent) : null,
      depth: parent?.depth ?? 0,
      laneTools: draft.laneTools ?? null,
      activeTurnId: null,
      latestTurnId: from?.latestTurn?.id ?? null,
      held: false,
      heldFor: null,
      stalled: false,
      stalledReason: null,
      lastMessage: from?.lastMessage ?? null,
      usage: null,
      rolloutPath: started.thread.path,
      callId,
      createdAt: at,
      updatedAt: at,
      archivedAt: null,
    }
  }

  return (begun, draft, { callId, state }) => {
    loading.started(begun.started.thread.id)
    return events.commit(
      (tx) => {
        const row = rowOf(begun, draft, callId)
        const { threadId, title, cwd, ephemeral } = row
        store.lanes.insert(row)
        store.creations.update(callId, { threadId, state, draft: null })
        // What it has of another's history is known already, and no news.
        const turn = begun.from?.latestTurn
        if (turn) store.turns.upsert({ ...turn, threadId })
        const forkedFrom = begun.from ? { forkedFrom: begun.from.threadId } : {}
        const data = { title, cwd, source: 'own', ephemeral, ...forkedFrom }
        tx.append({ threadId, type: 'lane.created', key: threadId, data })
        return row
      },
      { durable: true },
    )
  }
}

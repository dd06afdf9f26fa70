// rename, archive, restore: short actions on a lane, in Codex first, then in the registry.
import {
  type ActionResult,
  type ArchiveInput,
  DispatchError,
  type RenameInput,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError, isThreadGone } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { LockHolder } from '../codex/writer-locks.ts'
import type { EventLog } from '../events/event-log.ts'
import type { DeliveryWriter } from '../deliveries/delivery-writer.ts'
import { isGoalOpen, openGoalRefusalOf } from '../goals/goal-turn.ts'
import { turnToCut } from '../turns/cut.ts'
import type { Ingest } from '../turns/ingest.ts'
import type { Stopper } from '../turns/stop.ts'
import type { LaneChanges } from './lane-changes.ts'
import type { LaneLoading } from './lane-loading.ts'
import { refuseForeignName } from './lane-resolver.ts'
import { rowToIdentity } from './lane-view.ts'
import type { LaneWorkers } from './lane-worker.ts'
import { freeHandle, nameToBare, nameToHandle, nameToTitle, titleToPrefix } from './naming.ts'

/** What it needs. */
export type ActionOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  loading: LaneLoading
  ingest: Ingest
  deliveries: DeliveryWriter
  stopper: Stopper
  /** Who else has the thread loaded. */
  holderOf: (threadId: string) => LockHolder | null
}

/** Short actions on lanes. */
export type LaneActions = {
  rename(lane: LaneRow, input: RenameInput): Promise<ActionResult>
  archive(lane: LaneRow, input: ArchiveInput, signal: AbortSignal): Promise<ActionResult>
  restore(lane: LaneRow): Promise<ActionResult>
}

const refuseEphemeral = (lane: LaneRow, op: string): void => {
  if (!lane.ephemeral) return
  throw new DispatchError(
    'validation',
    `${lane.handle} is ephemeral: Codex keeps nothing of it that could be ${op}.`,
  )
}

const refuseArchived = (lane: LaneRow): void => {
  if (lane.archivedAt === null) return
  throw new DispatchError('validation', `${lane.handle} is archived.`, {
    hint: `dispatch restore ${lane.ref}`,
  })
}

/** Makes the actions. */
export const makeLaneActions = (options: ActionOptions): LaneActions => {
  const { store, clock, events, link, workers, changes, loading, stopper } = options
  const { ingest, deliveries, holderOf } = options

  const result = (lane: LaneRow, notes: string[] = []): ActionResult => ({
    ...rowToIdentity(store.lanes.get(lane.threadId) ?? lane),
    notes,
  })

  const asking = async <T>(lane: LaneRow, request: () => Promise<T>): Promise<T> => {
    try {
      return await request()
    } catch (error) {
      throw codexFailureToError(error, () => holderOf(lane.threadId))
    }
  }

  const rename = async (lane: LaneRow, input: RenameInput): Promise<ActionResult> => {
    refuseEphemeral(lane, 'renamed')
    refuseArchived(lane)
    const prefix = titleToPrefix(lane.title, lane.name)
    const name = nameToBare(input.name, prefix)
    refuseForeignName(store, name, lane.threadId)
    const handle = nameToHandle(name)
    const title = nameToTitle(name, prefix)
    const owner = store.lanes.byLiveHandle(handle)
    if (owner && owner.threadId !== lane.threadId) {
      throw new DispatchError('validation', `${handle} is the handle of another lane.`, {
        hint: 'Choose another name.',
        details: { taken: { ref: owner.ref, id: owner.threadId, handle } },
      })
    }
    const client = await link.client()
    await asking(lane, () =>
      client.request('thread/name/set', { threadId: lane.threadId, name: title }),
    )
    events.commit((tx) => {
      const before = store.lanes.get(lane.threadId) ?? lane
      store.lanes.update(lane.threadId, { name, handle, title, updatedAt: clock.now() })
      // Codex may have reported the new title already.
      if (before.title === title && before.handle === handle) return
      tx.append({
        threadId: lane.threadId,
        type: 'lane.renamed',
        data: { from: before.title, to: title, handle },
      })
    })
    return result(lane)
  }

  const refuseBusy = (threadId: string): void => {
    ingest.drain()
    const lane = store.lanes.get(threadId)
    const isOnItsWay = store.deliveries
      .unsettled(threadId)
      .some(({ state }) => state === 'submitting')
    if (!lane) return
    const goal = openGoalRefusalOf(store, lane, `dispatch archive ${lane.ref} --yes`)
    if (goal) throw goal
    const isAsking = lane.source === 'own' && lane.status === 'waiting_approval'
    if (lane.activeTurnId === null && !isOnItsWay && !isAsking) return
    const what = isAsking ? 'waits for a person' : 'has an active turn'
    throw new DispatchError('lane_busy', `${lane.handle} ${what}.`, {
      hint: `dispatch wait ${lane.ref}, or dispatch archive ${lane.ref} --force --yes`,
    })
  }

  const archiveInCodex = async (threadId: string, signal: AbortSignal): Promise<string[]> => {
    const client = await link.client(signal)
    try {
      await client.request('thread/archive', { threadId })
      return []
    } catch (error) {
      // Codex says the same of a thread that it has archived.
      if (isThreadGone(error)) return ['Codex had archived it already, or has it no more.']
      throw codexFailureToError(error, () => holderOf(threadId))
    }
  }

  // Nobody loads an archived lane, so nothing else would ever settle what is open on it.
  const closeOpenWork = (threadId: string): void => {
    ingest.drain()
    const turnId = store.lanes.get(threadId)?.activeTurnId ?? null
    if (turnId !== null) ingest.fillUp([turnToCut(threadId, turnId)])
    const open = store.deliveries.unsettled(threadId).filter(({ state }) => state === 'submitting')
    if (open.length === 0) return
    const failure = 'the lane was archived before Codex had told of the message'
    events.commit((tx) => {
      for (const { id } of open)
        deliveries.settle(tx, id, { state: 'ambiguous', turnId: null, failure })
    })
  }

  const triggerNotes = ({ threadId }: LaneRow): string[] => {
    const { triggers } = store
    const found = [...triggers.ofLane(threadId), ...triggers.ofSource(threadId)]
    const count = new Set(found.map(({ id }) => id)).size
    if (count === 0) return []
    return count === 1 ? ['Its trigger is disabled.'] : [`Its ${count} triggers are disabled.`]
  }

  const archive = async (lane: LaneRow, input: ArchiveInput, signal: AbortSignal) => {
    refuseEphemeral(lane, 'archived')
    if (lane.archivedAt !== null) return result(lane, ['It was archived already.'])
    if (input.force && (lane.activeTurnId !== null || isGoalOpen(store, lane.threadId))) {
      // Best effort: archiving interrupts, too, and what cannot be stopped shall be archived.
      await stopper.stop(lane, signal).catch(() => null)
      signal.throwIfAborted()
    }
    await link.client(signal)
    return await workers.run(lane.threadId, async () => {
      if (!input.force) refuseBusy(lane.threadId)
      const notes = await archiveInCodex(lane.threadId, signal)
      const disabled = triggerNotes(lane)
      loading.unloaded(lane.threadId)
      closeOpenWork(lane.threadId)
      events.commit((tx) => {
        // Codex may have reported it already.
        if (store.lanes.get(lane.threadId)?.archivedAt !== null) return
        const at = clock.now()
        store.lanes.update(lane.threadId, {
          status: 'archived',
          archivedAt: at,
          activeTurnId: null,
          stalled: false,
          updatedAt: at,
          // A restored lane starts no turn by itself.
          ...(store.deliveries.queue(lane.threadId).length > 0
            ? { held: true, heldFor: 'archived' as const }
            : {}),
        })
        tx.append({ threadId: lane.threadId, type: 'lane.archived', data: {} })
      })
      changes.touched([lane.threadId])
      return result(lane, [...notes, ...disabled])
    })
  }

  const restore = async (lane: LaneRow): Promise<ActionResult> => {
    if (lane.archivedAt === null) return result(lane, ['It was not archived.'])
    refuseEphemeral(lane, 'restored')
    const client = await link.client()
    const { thread } = await asking(lane, () =>
      client.request('thread/unarchive', { threadId: lane.threadId }),
    )
    // Codex may have reported it already, and given it its handle.
    const now = store.lanes.get(lane.threadId) ?? lane
    const handle =
      now.archivedAt === null
        ? now.handle
        : freeHandle(lane.handle, (taken) => store.lanes.byLiveHandle(taken) !== null)
    events.commit((tx) => {
      store.lanes.update(lane.threadId, {
        status: 'idle',
        archivedAt: null,
        handle,
        rolloutPath: thread.path,
        updatedAt: clock.now(),
      })
      if (now.archivedAt === null) return
      tx.append({ threadId: lane.threadId, type: 'lane.restored', data: { handle } })
    })
    const note = `${lane.handle} was taken meanwhile: the lane is ${handle}.`
    return result(lane, handle === lane.handle ? [] : [note])
  }

  return {
    archive,
    rename: (lane, input) => workers.run(lane.threadId, () => rename(lane, input)),
    restore: (lane) => workers.run(lane.threadId, () => restore(lane)),
  }
}

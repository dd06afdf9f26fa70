// rename, archive, restore: short actions on a lane, in Codex first, then in the registry.
import {
  type ActionResult,
  type ArchiveInput,
  DispatchError,
  type RenameInput,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { LockHolder } from '../codex/writer-locks.ts'
import type { EventLog } from '../events/event-log.ts'
import type { Stopper } from '../turns/stop.ts'
import type { LaneLoading } from './lane-loading.ts'
import { rowToIdentity } from './lane-view.ts'
import type { LaneWorkers } from './lane-worker.ts'
import { freeHandle, nameToBare, nameToHandle, nameToTitle, titleToPrefix } from './naming.ts'

type ActionOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  workers: LaneWorkers
  loading: LaneLoading
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
  const { store, clock, events, link, workers, loading, stopper, holderOf } = options

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

  const archive = async (lane: LaneRow, input: ArchiveInput, signal: AbortSignal) => {
    refuseEphemeral(lane, 'archived')
    if (lane.archivedAt !== null) return result(lane, ['It was archived already.'])
    if (lane.activeTurnId !== null) {
      if (!input.force) {
        throw new DispatchError('lane_busy', `${lane.handle} has an active turn.`, {
          hint: `dispatch wait ${lane.ref}, or dispatch archive ${lane.ref} --force --yes`,
        })
      }
      await stopper.stop(lane, signal)
    }
    return await workers.run(lane.threadId, async () => {
      const client = await link.client(signal)
      await asking(lane, () => client.request('thread/archive', { threadId: lane.threadId }))
      loading.unloaded(lane.threadId)
      events.commit((tx) => {
        // Codex may have reported it already.
        if (store.lanes.get(lane.threadId)?.archivedAt !== null) return
        const at = clock.now()
        store.lanes.update(lane.threadId, {
          status: 'archived',
          archivedAt: at,
          activeTurnId: null,
          updatedAt: at,
        })
        tx.append({ threadId: lane.threadId, type: 'lane.archived', data: {} })
      })
      return result(lane)
    })
  }

  const restore = async (lane: LaneRow): Promise<ActionResult> => {
    if (lane.archivedAt === null) return result(lane, ['It was not archived.'])
    refuseEphemeral(lane, 'restored')
    const client = await link.client()
    const { thread } = await asking(lane, () =>
      client.request('thread/unarchive', { threadId: lane.threadId }),
    )
    const handle = freeHandle(lane.handle, (taken) => store.lanes.byLiveHandle(taken) !== null)
    events.commit((tx) => {
      store.lanes.update(lane.threadId, {
        status: 'idle',
        archivedAt: null,
        handle,
        rolloutPath: thread.path,
        updatedAt: clock.now(),
      })
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

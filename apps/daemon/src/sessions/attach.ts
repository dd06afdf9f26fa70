// attach: registers an existing thread as a lane. Reads its metadata and nothing else, within ten
// seconds, and registers it in one commit or not at all.
import { type AttachInput, type AttachResult, type Call, DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError, isThreadGone } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import type { ThreadReader } from '../codex/thread-reader.ts'
import { threadToEffective, threadToStatus } from '../codex/translate-thread.ts'
import type { WriterLocks } from '../codex/writer-locks.ts'
import type { EventLog } from '../events/event-log.ts'
import { rowToIdentity, rowToSync } from '../lanes/lane-view.ts'
import { threadToLabels } from '../lanes/thread-labels.ts'
import type { Sync } from '../sync/sync.ts'

type AttachOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  threads: ThreadReader
  locks: WriterLocks
  sync: Sync
}

/** Attaches threads. */
export type Attach = (
  input: AttachInput,
  call: Call,
) => Promise<{ lane: LaneRow; result: AttachResult }>

const READ_MS = 10_000

const unregistered = (cause: unknown): DispatchError =>
  new DispatchError('app_server', 'Codex did not tell of the thread; nothing was registered.', {
    hint: 'dispatch daemon status',
    cause,
  })

/** Codex does not have that thread. */
export const threadToNotFound = (threadId: string, cause?: unknown): DispatchError =>
  new DispatchError('not_found', `Codex has no thread ${threadId}.`, {
    hint: 'dispatch list --unmanaged',
    details: { thread: threadId },
    cause,
  })

/** Makes the attaching of threads. */
export const makeAttach = (options: AttachOptions): Attach => {
  const { store, clock, events, link, threads, locks, sync } = options

  const readWithin = async (threadId: string, signal: AbortSignal): Promise<ThreadFact> => {
    const startedAt = clock.monotonic()
    const limit = new AbortController()
    using _timer = clock.at(READ_MS, () => limit.abort(unregistered(undefined)))
    const client = await link.client(AbortSignal.any([signal, limit.signal]))
    try {
      const timeoutMs = Math.max(1, READ_MS - (clock.monotonic() - startedAt))
      const thread = await threads.read(client, threadId, timeoutMs)
      if (thread) return thread
    } catch (error) {
      if (isThreadGone(error)) throw threadToNotFound(threadId, error)
      throw unregistered(codexFailureToError(error))
    }
    throw unregistered(undefined)
  }

  const register = (thread: ThreadFact, call: Call): LaneRow =>
    events.commit(
      (tx) => {
        const at = clock.now()
        const isElsewhere = locks.elsewhere(thread.id) !== null
        const row: LaneRow = {
          threadId: thread.id,
          ref: store.refs.allocate(thread.id),
          ...threadToLabels(thread, (handle) => store.lanes.byLiveHandle(handle) !== null),
          source: 'attached',
          cwd: thread.cwd,
          status: threadToStatus(thread, isElsewhere),
          ephemeral: thread.ephemeral,
          settings: {},
          effective: threadToEffective(thread),
          unset: [],
          parentId: null,
          rootId: null,
          depth: 0,
          laneTools: null,
          activeTurnId: null,
          latestTurnId: null,
          held: false,
          heldFor: null,
          stalled: false,
          stalledReason: null,
          lastMessage: null,
          usage: null,
          rolloutPath: thread.path,
          callId: call.id,
          createdAt: at,
          updatedAt: Math.min(at, thread.updatedAt),
          archivedAt: thread.archived ? at : null,
        }
        store.lanes.insert(row)
        store.syncs.put(sync.ofMetadata(thread))
        const data = { title: row.title, cwd: row.cwd, source: 'attached', origin: thread.source }
        // A thread may be attached again after a detach, so this has no key.
        tx.append({ threadId: thread.id, type: 'lane.attached', data })
        return row
      },
      { durable: true },
    )

  const view = (lane: LaneRow, notes: string[]): AttachResult => {
    const now = store.lanes.get(lane.threadId) ?? lane
    return {
      ...rowToIdentity(now),
      model: now.effective?.model ?? null,
      runningElsewhere: locks.elsewhere(now.threadId) !== null,
      sync: rowToSync(store.syncs.get(now.threadId)),
      notes,
    }
  }

  const attachNew = async (threadId: string, call: Call) => {
    const thread = await readWithin(threadId, call.signal)
    // Another call may have been quicker.
    const known = store.lanes.get(threadId)
    const lane = known ?? register(thread, call)
    const wanted = threadToLabels(thread, () => false).handle
    const renamed =
      known || lane.handle === wanted ? [] : [`${wanted} was taken: it is ${lane.handle}.`]
    return { lane, notes: renamed }
  }

  return async (input, call) => {
    const threadId = input.thread.toLowerCase()
    const known = store.lanes.get(threadId)
    const { lane, notes } = known
      ? { lane: known, notes: ['It was a lane already.'] }
      : await attachNew(threadId, call)
    if (input.sync) {
      const synced = await sync.sync(lane, { lane: lane.ref }, call.signal)
      notes.push(...synced.notes)
    }
    return { lane, result: view(lane, notes) }
  }
}

// sync: brings what is known of a lane up to date from Codex's metadata and its rollout file. Loads no
// thread and writes none.
import { DispatchError, type SyncInput, type SyncResult } from '@dispatch/contract'
import type { LaneRow, Store, SyncRow } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { ThreadFact } from '../codex/thread-fact.ts'
import type { ThreadReader } from '../codex/thread-reader.ts'
import { threadToEffective, threadToStatus } from '../codex/translate-thread.ts'
import type { WriterLocks } from '../codex/writer-locks.ts'
import type { EventLog } from '../events/event-log.ts'
import { rowToIdentity, rowToSync } from '../lanes/lane-view.ts'
import { type Reading, readRollout } from './rollout.ts'

type SyncOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  threads: ThreadReader
  locks: WriterLocks
  touched: (threadIds: Iterable<string>) => void
  /** Indexes what was read of a lane; false where that goes on after this. */
  indexed: (threadId: string) => Promise<boolean>
}

/** Syncs lanes. */
export type Sync = {
  sync(lane: LaneRow, input: SyncInput, signal: AbortSignal): Promise<SyncResult>
  /** What metadata alone tells of a thread: the sync of a lane that was only just attached. */
  ofMetadata(thread: ThreadFact): SyncRow
}

const PREVIEW_MAX = 200
/** Both ends of a file, and what it may have grown by since. */
const WAITED_BYTES = 1024 * 1024

const previewOf = (text: string | null): string | null => {
  const line = text?.replace(/\s+/g, ' ').trim() ?? ''
  if (line === '') return null
  return line.length <= PREVIEW_MAX ? line : `${line.slice(0, PREVIEW_MAX - 1)}\u2026`
}

/** Makes the syncing of lanes. */
export const makeSync = (options: SyncOptions): Sync => {
  const { store, clock, events, link, threads, locks, touched } = options

  const base = (threadId: string): SyncRow => ({
    threadId,
    state: 'metadata',
    syncedAt: clock.now(),
    path: null,
    position: null,
    latestEventAt: null,
    latestTurnId: null,
    preview: null,
    model: null,
    error: null,
  })

  const ofMetadata = (thread: ThreadFact): SyncRow => ({
    ...base(thread.id),
    path: thread.path,
    latestEventAt: thread.updatedAt,
    preview: previewOf(thread.preview),
    model: thread.model,
  })

  // Without Codex, or with a file that Codex cannot read, the file still tells most of it.
  const metadataOf = async (lane: LaneRow): Promise<ThreadFact | string> => {
    const away = 'Codex does not answer: only the rollout file was read.'
    const client = link.current()
    if (!client) return away
    try {
      return (await threads.read(client, lane.threadId)) ?? away
    } catch (thrown) {
      const error = codexFailureToError(thrown)
      if (lane.rolloutPath === null || !(error instanceof DispatchError)) throw error
      return `Only the rollout file was read. ${error.message}`
    }
  }

  const rowOf = (known: SyncRow, before: SyncRow | null, reading: Reading): SyncRow => {
    const { facts, position, afresh } = reading
    const past = afresh ? null : before
    return {
      ...known,
      state: position.whole ? 'complete' : 'partial',
      position,
      latestEventAt: facts.latestEventAt ?? past?.latestEventAt ?? known.latestEventAt,
      latestTurnId: facts.latestTurnId ?? past?.latestTurnId ?? null,
      preview: known.preview ?? previewOf(facts.message) ?? past?.preview ?? null,
      model: facts.model ?? past?.model ?? known.model,
    }
  }

  const failed = (known: SyncRow, error: unknown): SyncRow => ({
    ...known,
    state: 'error',
    error: error instanceof Error ? error.message : String(error),
  })

  // What others did to a thread that they write. Of an own lane the events tell it.
  const followAttached = (lane: LaneRow, thread: ThreadFact): void => {
    if (lane.source !== 'attached') return
    const status = threadToStatus(thread, locks.elsewhere(thread.id) !== null)
    const title = thread.name ?? lane.title
    events.commit((tx) => {
      const { threadId } = lane
      const archivedAt = thread.archived ? (lane.archivedAt ?? clock.now()) : lane.archivedAt
      store.lanes.update(threadId, {
        title,
        status: archivedAt === null ? status : 'archived',
        archivedAt,
        cwd: thread.cwd,
        rolloutPath: thread.path,
        effective: threadToEffective(thread),
        updatedAt: Math.max(lane.updatedAt, thread.updatedAt),
      })
      if (title !== lane.title) {
        tx.append({ threadId, type: 'lane.renamed', data: { from: lane.title, to: title } })
      }
      if (archivedAt === null && status !== lane.status) {
        const data = { from: lane.status, to: status, reason: 'sync' }
        tx.append({ threadId, type: 'lane.status-changed', data })
      }
      if (archivedAt !== lane.archivedAt) tx.append({ threadId, type: 'lane.archived', data: {} })
    })
  }

  const write = (row: SyncRow): void => {
    store.transaction(() => {
      // Forgotten while its file was read.
      if (store.lanes.get(row.threadId)) store.syncs.put(row)
    })
    touched([row.threadId])
  }

  const read = async (
    known: SyncRow,
    input: SyncInput,
    signal: AbortSignal,
  ): Promise<{ row: SyncRow; bytesRead: number; badLines: number }> => {
    const nothing = { bytesRead: 0, badLines: 0 }
    if (known.path === null) return { row: known, ...nothing }
    const before = store.syncs.get(known.threadId)
    try {
      const reading = await readRollout(known.path, {
        known: before?.path === known.path ? before.position : null,
        full: input.full ?? false,
        signal,
      })
      const { bytesRead, badLines } = reading
      return { row: rowOf(known, before, reading), bytesRead, badLines }
    } catch (error) {
      signal.throwIfAborted()
      return { row: failed(known, error), ...nothing }
    }
  }

  // What is small is found by query when sync has answered; for what is large nobody waits.
  const indexedOf = async (row: SyncRow, bytesRead: number) => {
    if (row.position === null) return true
    const indexed = options.indexed(row.threadId)
    return bytesRead > WAITED_BYTES ? false : await indexed
  }

  const sync = async (lane: LaneRow, input: SyncInput, signal: AbortSignal) => {
    const { threadId } = lane
    if (lane.ephemeral) {
      throw new DispatchError(
        'validation',
        `${lane.handle} is ephemeral: Codex keeps no history of it that could be read.`,
      )
    }
    const answer = await metadataOf(lane)
    const thread = typeof answer === 'string' ? null : answer
    if (thread) followAttached(lane, thread)
    const known = thread ? ofMetadata(thread) : { ...base(threadId), path: lane.rolloutPath }
    const { row, bytesRead, badLines } = await read(known, input, signal)
    write(row)
    const isIndexed = await indexedOf(row, bytesRead)
    return {
      ...rowToIdentity(store.lanes.get(threadId) ?? lane),
      sync: rowToSync(row),
      bytesRead,
      badLines,
      notes: [
        ...(typeof answer === 'string' ? [answer] : []),
        ...(isIndexed ? [] : ['It is still being indexed for query: dispatch get shows how far.']),
      ],
    }
  }

  // Two readings of one file would each write where they stopped.
  const underway = new Map<string, Promise<unknown>>()

  return {
    ofMetadata,
    sync: async (lane, input, signal) => {
      const earlier = underway.get(lane.threadId) ?? Promise.resolve()
      const step = (): Promise<SyncResult> => sync(lane, input, signal)
      const result = earlier.then(step, step)
      underway.set(lane.threadId, result)
      try {
        return await result
      } finally {
        if (underway.get(lane.threadId) === result) underway.delete(lane.threadId)
      }
    },
  }
}

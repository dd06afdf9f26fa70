// Loads lanes into the app-server and subscribes to them when something is to be done with them, and
// lets idle ones go: a loaded thread costs 1.5 MB and holds its writer lock. Runs inside the lane's
// worker.
import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError, isThreadArchived, isThreadGone } from '../codex/codex-failure.ts'
import { statusToStanding } from '../codex/translate-thread.ts'
import { settingsToThread, startedToEffective } from '../codex/translate-settings.ts'
import type { LockHolder } from '../codex/writer-locks.ts'
import { turnToFact } from '../codex/translate-turn.ts'
import { turnToCut } from '../turns/cut.ts'
import type { MissedFacts } from '../turns/history.ts'
import type { Ingest } from '../turns/ingest.ts'
import { laneToSettings } from './lane-force.ts'

/** Which lanes this connection is subscribed to. */
export type LaneLoading = {
  /**
   * Loads and subscribes the lane and fills up what was missed; nothing when it is so already. Gives
   * what Codex then reported as in force, null when nothing was asked. Where Codex refuses because the
   * thread is gone or archived, an open turn of it is written as cut.
   */
  load(client: CodexClient, lane: LaneRow): Promise<LaneRow['effective']>
  /** The lane was started on this connection, so it is loaded and subscribed. */
  started(threadId: string): void
  /** Its settings changed in what Codex takes at a load alone: the next load loads it anew. */
  outdated(threadId: string): void
  /** Whether this connection is subscribed to it: then our App Server has it loaded. */
  isSubscribed(threadId: string): boolean
  /** The lane is not loaded any more. */
  unloaded(threadId: string): void
  /** The connection is gone, and every subscription with it. */
  reset(): void
  /** The lane is idle from here on, for all we know: let it go after a while. */
  idle(threadId: string): void
}

const IDLE_MS = 10 * 60_000
const TURNS_PAGE = 20

/** Makes the room's one record of subscriptions. */
export const makeLaneLoading = (options: {
  store: Store
  clock: Clock
  ingest: Ingest
  missedFacts: MissedFacts
  homeId: string
  /** Who else has the thread loaded. */
  holderOf: (threadId: string) => LockHolder | null
  /** A lane was loaded; `asking`: Codex waits for an answer in it. */
  loaded: (threadId: string, asking: boolean) => void
  /** Unsubscribes in the lane's worker, when it is still idle. */
  release: (threadId: string) => void
}): LaneLoading & Disposable => {
  const { store, clock, ingest, missedFacts, homeId } = options
  const subscribed = new Set<string>()
  const outdatedLanes = new Set<string>()
  const timers = new Map<string, Disposable>()

  const stopTimer = (threadId: string): void => {
    timers.get(threadId)?.[Symbol.dispose]()
    timers.delete(threadId)
  }

  const idle = (threadId: string): void => {
    stopTimer(threadId)
    timers.set(
      threadId,
      clock.at(IDLE_MS, () => options.release(threadId)),
    )
  }

  // A thread that was started and has no message yet has no rollout either.
  const isLoaded = async (client: CodexClient, threadId: string): Promise<boolean> => {
    try {
      const { data, nextCursor } = await client.request('thread/loaded/list', {})
      return data.includes(threadId) || nextCursor !== null
    } catch {
      // Then it cannot be told, and the load is tried again.
      return true
    }
  }

  // The server that says so runs no turn of the thread, and no other may: what was open is cut.
  const learnFromRefusal = async (client: CodexClient, { threadId }: LaneRow, error: unknown) => {
    const isArchived = isThreadArchived(error)
    if (!isArchived && !(isThreadGone(error) && !(await isLoaded(client, threadId)))) return
    const activeTurnId = store.lanes.get(threadId)?.activeTurnId ?? null
    if (activeTurnId !== null) ingest.fillUp([turnToCut(threadId, activeTurnId)])
    if (isArchived) ingest.fillUp([{ kind: 'archived', threadId }])
  }

  const load = async (client: CodexClient, lane: LaneRow): Promise<LaneRow['effective']> => {
    const { threadId } = lane
    // Whatever it is loaded for may end without a turn.
    idle(threadId)
    if (subscribed.has(threadId)) {
      if (!outdatedLanes.has(threadId) || lane.activeTurnId !== null) return null
      // Codex takes the settings of a thread only from one who joins it.
      await client.request('thread/unsubscribe', { threadId })
      subscribed.delete(threadId)
    }
    outdatedLanes.delete(threadId)
    using held = ingest.hold(threadId)
    try {
      const resumed = await client.request(
        'thread/resume',
        {
          threadId,
          excludeTurns: true,
          initialTurnsPage: { limit: TURNS_PAGE, itemsView: 'notLoaded' },
          ...settingsToThread(laneToSettings(lane, lane.unset), { cwd: lane.cwd, homeId }),
        },
        // A join loads many lanes at once: the slots kept free are for what cannot wait.
        { urgent: false },
      )
      const current = store.lanes.get(threadId) ?? lane
      const { thread, initialTurnsPage } = resumed
      const loaded = {
        active: thread.status.type === 'active',
        turns: {
          data: (initialTurnsPage?.data ?? []).flatMap((turn) => turnToFact(turn) ?? []),
          nextCursor: initialTurnsPage?.nextCursor ?? null,
        },
        tellsOf: held.tellsOf,
      }
      ingest.fillUp(await missedFacts(client, current, loaded))
      // Only now: a lane whose history could not be read is loaded again.
      subscribed.add(threadId)
      options.loaded(threadId, statusToStanding(thread.status) === 'waiting_approval')
      return startedToEffective(resumed)
    } catch (error) {
      held.leaveToHistory()
      await learnFromRefusal(client, lane, error)
      throw codexFailureToError(error, () => options.holderOf(threadId))
    }
  }

  return {
    load,
    idle,
    isSubscribed: (threadId) => subscribed.has(threadId),
    started: (threadId) => {
      subscribed.add(threadId)
      idle(threadId)
    },
    outdated: (threadId) => void outdatedLanes.add(threadId),
    unloaded: (threadId) => {
      subscribed.delete(threadId)
      stopTimer(threadId)
    },
    reset: () => {
      subscribed.clear()
      for (const threadId of [...timers.keys()]) stopTimer(threadId)
    },
    [Symbol.dispose]() {
      for (const threadId of [...timers.keys()]) stopTimer(threadId)
    },
  }
}

// Pauses active goals and activates them again. Each pause that shall end by itself is a mark in the
// registry, on disk before Codex is asked, so whoever comes after a crash knows what is owed:
//
//   message   paused so that a message goes first; over once its turn has started and no other waits
//   new       set paused by `new`; over once the first message is Codex's, never without one
//   down      paused by `down`; over when the next daemon has joined Codex
//
// A person's word takes the mark away. A goal that is not paused any more when its mark is over (it is
// complete, say) is left as it is. Every step runs inside the lane's worker.
import type { CodexClient } from '@dispatch/codex-client'
import type { GoalPause } from '@dispatch/contract'
import type { GoalRow, LaneRow, Store } from '@dispatch/store'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { ThreadReader } from '../codex/thread-reader.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { Ingest } from '../turns/ingest.ts'
import { type Activation, decideActivation } from './decide-activation.ts'
import type { GoalCalls } from './goal-calls.ts'
import { makeGoalTries, type TryOptions } from './goal-tries.ts'

export type PauseOptions = TryOptions & {
  store: Store
  events: EventLog
  workers: LaneWorkers
  link: CodexLink
  ingest: Ingest
  changes: LaneChanges
  loading: LaneLoading
  calls: GoalCalls
  threads: Pick<ThreadReader, 'read'>
  /** Whether the daemon is about to leave: then nothing is activated. */
  isDraining: () => boolean
}

/** Pauses goals and activates them again. */
export type GoalPauses = Disposable & {
  /** Writes why the goal is paused, to disk. */
  mark(threadId: string, pausedFor: GoalPause | null): void
  /** Pauses; afterwards the registry knows of a turn that Codex had begun before it was told. */
  pause(client: CodexClient, threadId: string): Promise<void>
  /** Activates what is paused, and takes the mark away. */
  activate(client: CodexClient, threadId: string): Promise<void>
  /** A message wants to go first: an active goal of an idle lane is paused for it. */
  beforeMessage(threadId: string): Promise<void>
  /**
   * Pauses the goal for messages that wait while its own turn runs, so that Codex begins no other after
   * it; of that turn it then counts no more tokens. Never throws: the pause comes before the message.
   */
  yieldTo(threadId: string): Promise<void>
  /** Activates the goal if what it was paused for is over. Never throws: what fails is tried again. */
  settle(threadId: string): Promise<void>
  /** After a join: what `down` paused is activated, a lane with an active goal is followed. */
  joined(threadId: string): Promise<void>
}

/** Codex tells of a turn within milliseconds. */
const TOLD_MS = 2_000
const never = new AbortController().signal

/** Makes the pauses. */
export const makeGoalPauses = (options: PauseOptions): GoalPauses => {
  const { store, events, workers, log, link, ingest, changes, loading, calls, threads } = options
  const settling = makeGoalTries(options, (threadId) => {
    void workers.run(threadId, () => settle(threadId))
  })
  const joining = makeGoalTries(options, (threadId) => {
    void workers.run(threadId, () => joined(threadId))
  })

  const mark: GoalPauses['mark'] = (threadId, pausedFor) =>
    events.commit(() => void store.goals.setPausedFor(threadId, pausedFor), { durable: true })

  const laneOf = (threadId: string): LaneRow | null => {
    ingest.drain()
    return store.lanes.get(threadId)
  }

  // Codex may have begun the goal's next turn when it was told to pause (seen in 1 of 25 tries), and
  // tells of it a little later; the thread itself says so at once.
  const seeTurn = async (client: CodexClient, threadId: string): Promise<void> => {
    const before = laneOf(threadId)?.latestTurnId ?? null
    const thread = await threads.read(client, threadId).catch((error: unknown) => {
      throw codexFailureToError(error)
    })
    if (thread?.standing !== 'busy' && thread?.standing !== 'waiting_approval') return
    // Asked while facts are being written: it only reads.
    const isSeen = (): boolean => {
      const lane = store.lanes.get(threadId)
      return lane === null || lane.activeTurnId !== null || lane.latestTurnId !== before
    }
    await changes.until([threadId], isSeen, { signal: never, timeoutMs: TOLD_MS })
  }

  const pause: GoalPauses['pause'] = async (client, threadId) => {
    await calls.set(client, threadId, { status: 'paused' })
    await seeTurn(client, threadId)
    ingest.drain()
  }

  const activate: GoalPauses['activate'] = async (client, threadId) => {
    const goal = await calls.read(client, threadId)
    const lane = store.lanes.get(threadId)
    if (goal?.status === 'paused' && lane?.archivedAt === null) {
      // The server that has it loaded runs its turns: ours, or nobody would follow them.
      await loading.load(client, lane)
      await calls.set(client, threadId, { status: 'active' })
    }
    if (goal?.pausedFor != null) mark(threadId, null)
  }

  const isActive = (goal: GoalRow | null): boolean => goal?.status === 'active'

  const decide = (pausedFor: GoalPause, lane: LaneRow): Activation => {
    const { threadId, activeTurnId, latestTurnId, archivedAt, callId } = lane
    const unseen = { startedAt: null }
    const turn = activeTurnId === null ? null : (store.turns.get(threadId, activeTurnId) ?? unseen)
    return decideActivation({
      pausedFor,
      isArchived: archivedAt !== null,
      turn,
      waiting: store.deliveries.unsettled(threadId),
      first: store.deliveries.get(callId),
      hasBegun: latestTurnId !== null,
    })
  }

  const settle: GoalPauses['settle'] = (threadId) =>
    settling.run(threadId, async () => {
      const { pausedFor = null } = store.goals.get(threadId) ?? {}
      if (pausedFor === null) return
      const lane = laneOf(threadId)
      const client = link.current()
      if (!lane || !client || options.isDraining()) return
      const decision = decide(pausedFor, lane)
      if (decision === 'forget') {
        mark(threadId, null)
        log.info('goal.stays-paused', { thread: threadId })
      }
      if (decision === 'activate') await activate(client, threadId)
    })

  const pauseAhead = async (threadId: string): Promise<void> => {
    const lane = laneOf(threadId)
    const client = link.current()
    // What is held does not start, and a goal that rested for it would rest for good.
    if (!lane || lane.held || !client || options.isDraining()) return
    const isWaiting = store.deliveries
      .unsettled(threadId)
      .some(({ state, mode }) => state === 'queued' && mode === 'queue')
    if (!isWaiting || !isActive(store.goals.get(threadId))) return
    mark(threadId, 'message')
    await calls.set(client, threadId, { status: 'paused' })
  }

  const joined: GoalPauses['joined'] = (threadId) =>
    joining.run(threadId, async () => {
      const client = link.current()
      const lane = laneOf(threadId)
      if (!client || lane?.archivedAt !== null || options.isDraining()) return
      const goal = await calls.read(client, threadId)
      if (lane.source === 'attached') return
      if (isActive(goal)) await loading.load(client, lane)
      // What waits for the lane goes first here, too.
      if (goal?.pausedFor === 'down') mark(threadId, 'message')
      if (laneOf(threadId)?.activeTurnId != null) await pauseAhead(threadId)
      await settle(threadId)
    })

  return {
    mark,
    pause,
    activate,

    beforeMessage: async (threadId) => {
      const lane = laneOf(threadId)
      if (!lane || lane.activeTurnId !== null || lane.archivedAt !== null) return
      const client = link.current()
      if (!client || !isActive(store.goals.get(threadId))) return
      mark(threadId, 'message')
      await pause(client, threadId)
    },

    yieldTo: async (threadId) => {
      try {
        await pauseAhead(threadId)
      } catch (error) {
        log.warn('goal.not-paused', { thread: threadId, error: String(error) })
      }
    },

    settle,
    joined,

    [Symbol.dispose]() {
      settling[Symbol.dispose]()
      joining[Symbol.dispose]()
    },
  }
}

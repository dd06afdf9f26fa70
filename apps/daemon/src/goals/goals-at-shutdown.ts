// What becomes of active goals when the daemon leaves with its app-server: they are paused, and the next
// daemon activates them again. The turn of a goal that runs just then is interrupted, not waited for: it
// may take an hour, `down` shall not, and the goal goes on from its history. With --drain it is waited
// for like any other.
import type { GoalPause } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { Log } from '../log/log.ts'
import type { Stopper } from '../turns/stop.ts'
import type { GoalPauses } from './goal-pauses.ts'
import { isGoalTurn } from './goal-turn.ts'

type ShutdownOptions = {
  store: Store
  events: EventLog
  log: Log
  link: CodexLink
  workers: LaneWorkers
  pauses: GoalPauses
  /** Stops turns alone. */
  stopper: Stopper
}

/** Goals on the way out. */
export type GoalsAtShutdown = {
  /** Whether only the lane's goal runs there: such a turn refuses no `down`. */
  isGoalTurn(lane: LaneRow): boolean
  /** Pauses all that are active; gives how to take it back. What Codex does not do is done by its end. */
  pause(): Promise<() => Promise<void>>
  /** Interrupts the turns of goals that still run. */
  cut(signal: AbortSignal): Promise<void>
}

type Paused = { threadId: string; before: GoalPause | null }

/** Makes the room's part of a shutdown. */
export const makeGoalsAtShutdown = (options: ShutdownOptions): GoalsAtShutdown => {
  const { store, events, log, link, workers, pauses, stopper } = options

  const trying = async (threadId: string, step: () => Promise<void>): Promise<void> => {
    try {
      await step()
    } catch (error) {
      log.warn('goal.shutdown-failed', { thread: threadId, error: String(error) })
    }
  }

  const pauseOne = async (threadId: string): Promise<Paused | null> => {
    const goal = store.goals.get(threadId)
    // One that waits for the first message of its lane is owed nothing before that.
    if (!goal || goal.pausedFor === 'down' || goal.pausedFor === 'new') return null
    if (goal.status !== 'active' && goal.pausedFor === null) return null
    pauses.mark(threadId, 'down')
    const client = link.current()
    if (client && goal.status === 'active') {
      await trying(threadId, () => pauses.pause(client, threadId))
    }
    return { threadId, before: goal.pausedFor }
  }

  const takeBack = async ({ threadId, before }: Paused): Promise<void> => {
    if (store.goals.get(threadId)?.pausedFor !== 'down') return
    pauses.mark(threadId, before)
    const client = link.current()
    if (client && before === null) {
      await trying(threadId, () => pauses.activate(client, threadId))
    }
  }

  const cutOne = async (lane: LaneRow, signal: AbortSignal): Promise<void> => {
    const { held } = lane
    await stopper.stop(lane, signal)
    // Nobody stopped the lane: its queue is not to be held when it comes back.
    if (!held) events.commit(() => void store.lanes.update(lane.threadId, { held }))
  }

  return {
    isGoalTurn: (lane) => isGoalTurn(store, lane),

    pause: async () => {
      const own = store.goals
        .open()
        .filter(({ threadId }) => store.lanes.get(threadId)?.source === 'own')
      const all = await Promise.all(
        own.map(({ threadId }) => workers.run(threadId, () => pauseOne(threadId))),
      )
      const paused = all.filter((one) => one !== null)
      return async () => {
        await Promise.all(paused.map((one) => workers.run(one.threadId, () => takeBack(one))))
      }
    },

    cut: async (signal) => {
      const cut = stopper.busy().filter((lane) => isGoalTurn(store, lane))
      await Promise.all(cut.map((lane) => trying(lane.threadId, () => cutOne(lane, signal))))
    },
  }
}

// stop, where a lane may have a goal: the goal is paused first, else Codex would begin its next turn
// with the next message. Between two turns of the goal there is only the goal to stop.
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { Stopper } from '../turns/stop.ts'
import type { GoalPauses } from './goal-pauses.ts'
import { isPaused } from '../deliveries/pause.ts'

export type GoalStopOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  pauses: GoalPauses
  /** Stops turns alone. */
  stopper: Stopper
}

/** A stopper that stops goals, too. */
export const makeGoalStopper = (options: GoalStopOptions): Stopper => {
  const { store, clock, events, link, workers, changes, pauses, stopper } = options

  const current = (lane: LaneRow): LaneRow => store.lanes.get(lane.threadId) ?? lane

  const pauseGoal = (lane: LaneRow, signal: AbortSignal): Promise<boolean> =>
    workers.run(lane.threadId, async () => {
      const { threadId } = lane
      holdQueue(lane)
      const goal = store.goals.get(threadId)
      if (!goal || (goal.status !== 'active' && goal.pausedFor === null)) return false
      // A person stops it: nothing shall activate it again.
      pauses.mark(threadId, null)
      await pauses.pause(await link.client(signal), threadId)
      return true
    })

  // Whether a turn of the goal ran just then is chance: the queue is held either way.
  const hold = ({ threadId }: LaneRow): void => {
    const lane = store.lanes.get(threadId)
    const heldFor = lane && isPaused(lane) ? 'person' : 'stopped'
    const hold = { held: true, heldFor, updatedAt: clock.now() } as const
    events.commit(() => void store.lanes.update(threadId, hold))
    changes.touched([threadId])
  }

  // A turn that ends by itself while it is stopped would have the queue go on.
  const holdQueue = (lane: LaneRow): void => {
    if (store.deliveries.queue(lane.threadId).some(({ mode }) => mode === 'queue')) hold(lane)
  }

  return {
    busy: () => {
      const busy = stopper.busy()
      const known = new Set(busy.map(({ threadId }) => threadId))
      const working = store.goals
        .open()
        .flatMap(({ threadId }) => (known.has(threadId) ? [] : (store.lanes.get(threadId) ?? [])))
      return [...busy, ...working.filter(({ source }) => source === 'own')]
    },

    stop: async (lane, signal) => {
      const goalPaused = await pauseGoal(lane, signal)
      const now = current(lane)
      if (!goalPaused || now.activeTurnId !== null) {
        return { ...(await stopper.stop(now, signal, () => holdQueue(lane))), goalPaused }
      }
      hold(now)
      return {
        ...rowToIdentity(current(lane)),
        turnId: null,
        stopped: false,
        goalPaused,
        reason: 'no turn ran just then; its goal is paused',
      }
    },
  }
}

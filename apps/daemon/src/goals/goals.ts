// The room of goals, put together.
import type { DaemonServices } from '@dispatch/contract'
import type { AroundTurn } from '../deliveries/queue-runner.ts'
import type { Stopper } from '../turns/stop.ts'
import { type FirstGoal, makeFirstGoal } from './first-goal.ts'
import { makeGoalCalls } from './goal-calls.ts'
import { type GoalPauses, makeGoalPauses, type PauseOptions } from './goal-pauses.ts'
import { type GoalServiceOptions, makeGoalService } from './goal-service.ts'
import { type GoalStopOptions, makeGoalStopper } from './goal-stop.ts'
import { type GoalsAtShutdown, makeGoalsAtShutdown } from './goals-at-shutdown.ts'

/** Everything that is done about goals. */
export type Goals = Disposable & {
  service: DaemonServices['goal']
  firstGoal: FirstGoal
  pauses: GoalPauses
  /** Pauses a goal around the turn of a message that goes first. */
  around: AroundTurn
  /** Stops turns, and goals first. */
  stopper: Stopper
  atShutdown: GoalsAtShutdown
  /** Something happened to a turn of the lane: what its goal was paused for may be over. */
  settle(threadId: string): void
  /** The same for all, when the daemon no longer leaves. */
  settleAll(): void
  /** Codex was joined. */
  joined(): void
}

type Made = 'calls' | 'pauses'

/** Puts the room together. */
export const makeGoals = (
  options: Omit<PauseOptions & GoalServiceOptions & GoalStopOptions, Made>,
): Goals => {
  const { store, workers, stopper } = options
  const calls = makeGoalCalls(options)
  const pauses = makeGoalPauses({ ...options, calls })
  const settle = (threadId: string): void => {
    if (store.goals.get(threadId)?.pausedFor == null) return
    void workers.run(threadId, () => pauses.settle(threadId))
  }
  return {
    [Symbol.dispose]: () => pauses[Symbol.dispose](),
    service: makeGoalService({ ...options, calls, pauses }),
    firstGoal: makeFirstGoal({ ...options, calls, pauses }),
    pauses,
    around: {
      before: (_client, { threadId }) => pauses.beforeMessage(threadId),
      after: ({ threadId }) => pauses.settle(threadId),
    },
    stopper: makeGoalStopper({ ...options, pauses }),
    atShutdown: makeGoalsAtShutdown({ ...options, pauses, stopper }),
    settle,
    settleAll: () => {
      for (const { threadId } of store.goals.open()) settle(threadId)
    },
    joined: () => {
      for (const { threadId } of store.goals.live()) {
        void workers.run(threadId, () => pauses.joined(threadId))
      }
    },
  }
}

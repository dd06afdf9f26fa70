// The calls to Codex about goals. The registry follows what Codex tells all its clients, in the order it
// tells it, never the answer to a call: what came after the answer may have been written before it.
import { isDeepStrictEqual } from 'node:util'
import type { CodexClient } from '@dispatch/codex-client'
import { DispatchError, type GoalStatus } from '@dispatch/contract'
import type { GoalRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { GoalFact } from '../codex/fact.ts'
import { goalToFact } from '../codex/translate-goal.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { Ingest } from '../turns/ingest.ts'
import { isSameGoal } from './goal-projection.ts'

/** What changes of a goal; the rest stays. */
export type GoalChange = {
  objective?: string
  status?: GoalStatus
  tokenBudget?: number
}

/** Asks Codex about goals; no thread needs to be loaded for it. Inside the lane's worker. */
export type GoalCalls = {
  /** The goal that Codex has; the registry has it then, too. */
  read(client: CodexClient, threadId: string): Promise<GoalRow | null>
  /** Gives the goal as Codex has it now. */
  set(client: CodexClient, threadId: string, change: GoalChange): Promise<GoalRow>
  /** Whether there was one. */
  clear(client: CodexClient, threadId: string): Promise<boolean>
}

type CallOptions = { store: Store; clock: Clock; ingest: Ingest; changes: LaneChanges }

/** Codex tells of a change some milliseconds after the answer. */
const TOLD_MS = 2_000
const never = new AbortController().signal

const isSwitchedOff = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('goals feature is disabled')

const toError = (error: unknown): unknown =>
  isSwitchedOff(error)
    ? new DispatchError('validation', 'Goals are switched off in the configuration of Codex.', {
        hint: 'Set [features] goals = true in its config.toml, then dispatch restart --codex',
        cause: error,
      })
    : codexFailureToError(error)

/** Makes the calls. */
export const makeGoalCalls = ({ store, clock, ingest, changes }: CallOptions): GoalCalls => {
  const asking = async <T>(request: Promise<T>): Promise<T> => {
    try {
      return await request
    } catch (error) {
      throw toError(error)
    }
  }

  const kept = (threadId: string): GoalRow | null => {
    ingest.drain()
    return store.goals.get(threadId)
  }

  const learn = (threadId: string, goal: GoalFact | null): void =>
    ingest.fillUp([{ kind: 'goal', threadId, goal }])

  const told = async (threadId: string, isTold: () => boolean): Promise<boolean> => {
    ingest.drain()
    return await changes.until([threadId], isTold, { signal: never, timeoutMs: TOLD_MS })
  }

  const requireGoal = (goal: unknown): GoalFact => {
    const fact = goalToFact(goal)
    if (!fact) throw new DispatchError('app_server', 'Codex answered with a goal of another kind.')
    return fact
  }

  return {
    read: async (client, threadId) => {
      const before = kept(threadId)
      const { goal } = await asking(client.request('thread/goal/get', { threadId }))
      // What was told since then is newer than the answer, or as new. By the rows: the clock may step
      // back behind the time that one of them carries.
      if (isDeepStrictEqual(kept(threadId), before)) learn(threadId, goal && requireGoal(goal))
      return store.goals.get(threadId)
    },

    set: async (client, threadId, change) => {
      // Before the call: a goal that is reached at once is told as such together with the answer.
      const before = kept(threadId)
      const answer = await asking(client.request('thread/goal/set', { threadId, ...change }))
      const goal = requireGoal(answer.goal)
      const isTold = (): boolean => {
        const row = store.goals.get(threadId)
        return row !== null && (isSameGoal(row, goal) || !isDeepStrictEqual(row, before))
      }
      if (!(await told(threadId, isTold))) learn(threadId, goal)
      const { pausedFor = null } = store.goals.get(threadId) ?? {}
      return { ...goal, threadId, heardAt: clock.now(), pausedFor }
    },

    clear: async (client, threadId) => {
      const { cleared } = await asking(client.request('thread/goal/clear', { threadId }))
      const isTold = (): boolean => store.goals.get(threadId) === null
      if (!cleared || !(await told(threadId, isTold))) learn(threadId, null)
      return cleared
    },
  }
}

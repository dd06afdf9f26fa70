// Comes back to a lane whose goal could not be brought to where it belongs, because Codex refused or did
// not answer: nobody else would before its next turn, and a goal that is paused begins none.
import { isThreadArchived, isThreadGone } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { Clock } from '../clock/clock.ts'
import type { Log } from '../log/log.ts'

export type TryOptions = {
  clock: Clock
  log: Log
  link: Pick<CodexLink, 'current'>
  /** How long before try number `attempt`, from 1 on. */
  backoffMs: (attempt: number) => number
}

/** One step that is tried for each lane until it is done. */
export type GoalTries = Disposable & {
  /** Tries it; never throws. What fails is asked for `again` later. */
  run(threadId: string, step: () => Promise<void>): Promise<void>
}

/** Makes the tries of one kind of step. */
export const makeGoalTries = (
  { clock, log, link, backoffMs }: TryOptions,
  again: (threadId: string) => void,
): GoalTries => {
  const failed = new Map<string, { attempt: number; timer: Disposable }>()
  let isOver = false

  const settled = (threadId: string): void => {
    failed.get(threadId)?.timer[Symbol.dispose]()
    failed.delete(threadId)
  }

  // Without a link the next join comes to every goal.
  const later = (threadId: string, error: unknown): void => {
    const attempt = (failed.get(threadId)?.attempt ?? 0) + 1
    settled(threadId)
    if (isOver || !link.current() || isThreadGone(error) || isThreadArchived(error)) return
    const timer = clock.at(backoffMs(attempt), () => again(threadId))
    failed.set(threadId, { attempt, timer })
  }

  return {
    run: async (threadId, step) => {
      try {
        await step()
        settled(threadId)
      } catch (error) {
        log.warn('goal.not-settled', { thread: threadId, error: String(error) })
        later(threadId, error)
      }
    },
    [Symbol.dispose]() {
      isOver = true
      for (const threadId of [...failed.keys()]) settled(threadId)
    },
  }
}

// Whether Codex has told of the start of a turn: before, it refuses to interrupt and to steer it.
import type { Store } from '@dispatch/store'

/** Whether the turn has begun, or is over, or another one runs. */
export const isBegun = (store: Store, threadId: string, turnId: string): boolean => {
  const turn = store.turns.get(threadId, turnId)
  return (
    store.lanes.get(threadId)?.activeTurnId !== turnId ||
    turn?.status !== 'started' ||
    turn.startedAt !== null
  )
}

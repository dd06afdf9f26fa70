/** A thread's goal as a record: the fake starts no turns of its own for it. */
import { seconds } from './clock.ts'
import { Refusal } from './failure.ts'
import { knownThread } from './method.ts'
import type { Method } from './method.ts'

interface GoalParams {
  objective?: string | null
  status?: string | null
  tokenBudget?: number | null
}

const set: Method = (params, context) => {
  const thread = knownThread(context, params)
  const { objective, status, tokenBudget } = params as GoalParams
  if (!thread.goal && objective == null) {
    throw new Refusal(`cannot update goal for thread ${thread.id}: no goal exists`)
  }
  if (objective === '') throw new Refusal('goal objective must not be empty')
  const at = seconds()
  const fresh = { threadId: thread.id, objective, status: 'active', tokenBudget: null }
  const goal = {
    ...(thread.goal ?? { ...fresh, tokensUsed: 0, timeUsedSeconds: 0, createdAt: at }),
    ...(objective == null ? {} : { objective }),
    ...(status == null ? {} : { status }),
    ...(tokenBudget == null ? {} : { tokenBudget }),
    updatedAt: at,
  }
  thread.goal = goal
  context.store.append(thread, [])
  context.store.save()
  const { id: threadId } = thread
  setImmediate(() =>
    context.peers.broadcast('thread/goal/updated', { threadId, turnId: null, goal }),
  )
  return { goal }
}

const clear: Method = (params, context) => {
  const thread = knownThread(context, params)
  const cleared = thread.goal !== null
  thread.goal = null
  context.store.save()
  setImmediate(() => context.peers.broadcast('thread/goal/cleared', { threadId: thread.id }))
  return { cleared }
}

export const goalMethods: Record<string, Method> = {
  'thread/goal/set': set,
  'thread/goal/get': (params, context) => ({ goal: knownThread(context, params).goal }),
  'thread/goal/clear': clear,
}

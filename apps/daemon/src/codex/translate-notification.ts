// Codex's notifications in our words. A notification that says nothing to dispatch gives null.
import { z } from 'zod'
import type { DeltaStream, Fact } from './fact.ts'
import { goalToFact } from './translate-goal.ts'
import { itemToFact } from './translate-item.ts'
import { statusToStanding } from './translate-thread.ts'
import { errorToRetry, turnToFact, usageToFact } from './translate-turn.ts'

/** A notification as it came. */
export type RawNotification = { method: string; params?: unknown }

// `turn.id` and `turnId` both occur, by method and version.
const Params = z.looseObject({
  threadId: z.string(),
  turnId: z.string().nullish(),
  turn: z.unknown().optional(),
  item: z.unknown().optional(),
  itemId: z.string().optional(),
  delta: z.string().optional(),
})
type Params = z.output<typeof Params>

const turnIdOf = (params: Params): string | null =>
  params.turnId ?? turnToFact(params.turn)?.id ?? null

const turnFact =
  (kind: 'turn-started' | 'turn-ended') =>
  (params: Params): Fact | null => {
    const turn = turnToFact(params.turn)
    return turn && { kind, threadId: params.threadId, turn }
  }

const itemFact =
  (kind: 'item-started' | 'item-completed') =>
  (params: Params): Fact | null => {
    const item = itemToFact(params.item)
    const turnId = turnIdOf(params)
    if (!item || turnId === null) return null
    const startedAt = item.startedAt ?? numberOf(params.startedAtMs)
    const completedAt = item.completedAt ?? numberOf(params.completedAtMs)
    return {
      kind,
      threadId: params.threadId,
      turnId,
      item: { ...item, startedAt, completedAt },
    }
  }

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

const deltaFact =
  (stream: DeltaStream) =>
  (params: Params): Fact | null => {
    const { threadId, itemId, delta: text } = params
    const turnId = turnIdOf(params)
    if (turnId === null || itemId === undefined || text === undefined) return null
    return { kind: 'delta', threadId, turnId, itemId, stream, text }
  }

const translators: Record<string, (params: Params) => Fact | null> = {
  'turn/started': turnFact('turn-started'),
  'turn/completed': turnFact('turn-ended'),
  'item/started': itemFact('item-started'),
  'item/completed': itemFact('item-completed'),
  'item/agentMessage/delta': deltaFact('message'),
  'item/reasoning/summaryTextDelta': deltaFact('reasoning'),
  'item/commandExecution/outputDelta': deltaFact('output'),
  'item/plan/delta': deltaFact('plan'),
  // The end of a turn that failed is told by turn/completed alone.
  error: (params) => {
    const retry = errorToRetry({ ...params, turnId: turnIdOf(params) })
    return retry && { kind: 'retrying', threadId: params.threadId, ...retry }
  },
  'thread/tokenUsage/updated': (params) => {
    const usage = usageToFact(params.tokenUsage)
    return usage && { kind: 'usage', threadId: params.threadId, usage }
  },
  'thread/goal/updated': (params) => {
    const goal = goalToFact(params.goal)
    return goal && { kind: 'goal', threadId: params.threadId, goal }
  },
  'thread/goal/cleared': ({ threadId }) => ({ kind: 'goal', threadId, goal: null }),
  'thread/name/updated': (params) => {
    const title = params.threadName ?? params.name
    return typeof title === 'string' ? { kind: 'renamed', threadId: params.threadId, title } : null
  },
  'thread/archived': ({ threadId }) => ({ kind: 'archived', threadId }),
  'thread/unarchived': ({ threadId }) => ({ kind: 'unarchived', threadId }),
  'thread/closed': ({ threadId }) => ({ kind: 'unloaded', threadId }),
  'thread/status/changed': ({ threadId, status }) => {
    const standing = statusToStanding(status)
    return standing && { kind: 'standing', threadId, standing }
  },
  'serverRequest/resolved': ({ threadId, requestId }) => ({
    kind: 'request-resolved',
    threadId,
    rpcId: JSON.stringify(requestId ?? null),
  }),
}

/** A notification in our words, or null where it says nothing to us. */
export const notificationToFact = ({ method, params }: RawNotification): Fact | null => {
  const translate = Object.hasOwn(translators, method) ? translators[method] : undefined
  if (!translate) return null
  const parsed = Params.safeParse(params)
  return parsed.success ? translate(parsed.data) : null
}

// Answers every request that Codex makes of its client, at once: nobody is asked yet, so what needs
// a decision is declined, with an audit row and two events. Codex would wait for ever otherwise.
import type { CodexServerHandlers, CodexServerMethod } from '@dispatch/codex-client'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock/clock.ts'
import type { EventLog } from '../events/event-log.ts'

/** Everything that answering needs. */
export type DeclineOptions = {
  audit: Audit
  clock: Clock
  events: EventLog
  /** The lane's thread id where the thread is a lane, else null. */
  laneOf(threadId: string): { threadId: string; ref: string } | null
}

type Asked = { method: CodexServerMethod; id: string | number; params: object }

const threadOf = (params: object): string | null => {
  const { threadId, conversationId } = params as { threadId?: unknown; conversationId?: unknown }
  const id = threadId ?? conversationId
  return typeof id === 'string' ? id : null
}

/** A handler for every method that Codex may call. */
export const makeDecliner = (options: DeclineOptions): CodexServerHandlers => {
  const { audit, clock, events } = options

  const declined = ({ method, id, params }: Asked, decision: string): void => {
    const threadId = threadOf(params)
    const lane = threadId === null ? null : options.laneOf(threadId)
    events.commit((tx) => {
      if (!lane) return
      const data = { requestId: id, method }
      tx.append({ threadId: lane.threadId, type: 'request.opened', data })
      tx.append({
        threadId: lane.threadId,
        type: 'request.answered',
        data: { ...data, decision, by: 'policy' },
      })
    })
    audit.record({
      op: `request.${method}`,
      actor: 'daemon',
      lane,
      outcome: 'declined',
      detail: { requestId: id, decision },
    })
  }

  const answer =
    <T>(decision: string, response: T) =>
    (params: object, call: { id: string | number; method: CodexServerMethod }): T => {
      declined({ method: call.method, id: call.id, params }, decision)
      return response
    }

  const refuse =
    (why: string) =>
    (params: object, call: { id: string | number; method: CodexServerMethod }): never => {
      declined({ method: call.method, id: call.id, params }, 'refused')
      throw new Error(why)
    }

  const rejection = 'declined: dispatch runs this lane without a person to ask'

  return {
    'item/commandExecution/requestApproval': answer('decline', { decision: 'decline' as const }),
    'item/fileChange/requestApproval': answer('decline', { decision: 'decline' as const }),
    'item/permissions/requestApproval': answer('none granted', {
      permissions: {},
      scope: 'turn' as const,
    }),
    'item/tool/requestUserInput': answer('no answers', { answers: {} }),
    'mcpServer/elicitation/request': answer('decline', {
      action: 'decline' as const,
      content: null,
      _meta: null,
    }),
    'item/tool/call': answer('no such tool', {
      success: false,
      contentItems: [{ type: 'inputText' as const, text: 'This tool is not available.' }],
    }),
    execCommandApproval: answer('denied', { decision: { denied: { rejection } } }),
    applyPatchApproval: answer('denied', { decision: { denied: { rejection } } }),
    'account/chatgptAuthTokens/refresh': refuse('dispatch keeps no credentials'),
    'attestation/generate': refuse('dispatch attests nothing'),
    // No decision, only a fact.
    'currentTime/read': () => ({ currentTimeAt: Math.floor(clock.now() / 1000) }),
  }
}

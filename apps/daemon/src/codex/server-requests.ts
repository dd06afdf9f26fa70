// A handler for every method that Codex may call: what somebody decides is handed on and waits; the
// rest is answered or refused at once.
import type { CodexServerHandlers } from '@dispatch/codex-client'
import type { Clock } from '../clock/clock.ts'
import type { Asked, Refused, ToolAnswer, ToolCall } from './asked.ts'
import type { FileChanges } from './file-changes.ts'
import { answerToResponse, askedMethods, type AskedMethod } from './translate-answer.ts'
import { requestToFact, requestToThread, requestToToolCall } from './translate-request.ts'

/** Who hears of requests. Neither may throw. */
export type RequestListener = {
  asked(asked: Asked): void
  refused(refused: Refused): void
  /** Answers a call of a tool; stays unanswered where somebody else does. */
  called(call: ToolCall): Promise<ToolAnswer>
}

type ServerRequestOptions = {
  listener: RequestListener
  fileChanges: FileChanges
  clock: Clock
}

/** One call of Codex, as far as its method matters not. */
type AnyCall = { id: string | number; method: string; signal: AbortSignal }

const malformed = 'this client cannot read the request'

/** Makes the handlers. */
export const makeServerRequests = (options: ServerRequestOptions): CodexServerHandlers => {
  const { listener, fileChanges, clock } = options

  const refuse = (call: AnyCall, params: unknown, why: string): void =>
    listener.refused({
      rpcId: JSON.stringify(call.id),
      method: call.method,
      threadId: requestToThread(params),
      why,
    })

  const wait = (method: AskedMethod, params: never, call: AnyCall) => {
    const fact = requestToFact(method, params, fileChanges.of)
    if (fact === null) {
      refuse(call, params, 'malformed')
      throw new Error(malformed)
    }
    return new Promise((resolve, reject) => {
      // Whoever lost the request is heard of by nobody.
      call.signal.addEventListener('abort', () => reject(call.signal.reason as Error), {
        once: true,
      })
      listener.asked({
        ...fact,
        rpcId: JSON.stringify(call.id),
        signal: call.signal,
        reply: (answer) => resolve(answerToResponse(method, params, answer)),
      })
    })
  }

  const refusing =
    (why: string) =>
    (params: object, call: AnyCall): never => {
      refuse(call, params, why)
      throw new Error(why)
    }

  const asking = Object.fromEntries(
    askedMethods.map((method) => [
      method,
      (params: never, call: AnyCall) => wait(method, params, call),
    ]),
  ) as Pick<CodexServerHandlers, AskedMethod>

  return {
    ...asking,
    'item/tool/call': async (params, call) => {
      const called = requestToToolCall(params)
      if (called === null) refuse(call, params, 'malformed')
      const answer =
        called && (await listener.called({ ...called, rpcId: JSON.stringify(call.id) }))
      const { success, text } = answer ?? { success: false, text: malformed }
      return { success, contentItems: [{ type: 'inputText', text }] }
    },
    'account/chatgptAuthTokens/refresh': refusing('dispatch keeps no credentials'),
    'attestation/generate': refusing('dispatch attests nothing'),
    // No decision, only a fact.
    'currentTime/read': () => ({ currentTimeAt: Math.floor(clock.now() / 1000) }),
  }
}

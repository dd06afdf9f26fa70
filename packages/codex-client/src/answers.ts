// Answers the server's own requests: each one gets exactly one reply, from its handler or as an
// error, unless it was withdrawn first. A request that is sent again under the same id, as a resume
// does, takes the place of the earlier one.
import { CodexClosedError, CodexHandlerError } from './errors.ts'
import type { RequestId, RpcError, RpcRequest } from './message.ts'

/** JSON-RPC's "method not found", also for a handler that failed: the server treats them alike. */
const METHOD_NOT_FOUND = -32601

/** Gives the result of a request, or `undefined` where no handler knows its method. */
export type RequestHandler = (
  request: RpcRequest,
  signal: AbortSignal,
) => { readonly result: unknown } | undefined

export interface AnswersOptions {
  readonly send: (text: string) => void
  /** `result` may be a promise. The signal fires when no answer is wanted any more. */
  readonly onRequest: RequestHandler
  readonly onFault: (fault: Error) => void
}

export function makeAnswers({ send, onRequest, onFault }: AnswersOptions) {
  const open = new Map<RequestId, AbortController>()

  const withdraw = (id: RequestId, reason?: unknown): void => {
    const controller = open.get(id)
    open.delete(id)
    controller?.abort(reason)
  }

  /** Says nothing when the request is no longer this controller's to answer. */
  const reply = (
    id: RequestId,
    controller: AbortController,
    body: { result: unknown } | { error: RpcError },
  ): void => {
    if (open.get(id) !== controller) return
    // Still open until it is sent: an answer that cannot be written is followed by a refusal.
    send(JSON.stringify({ id, ...body }))
    open.delete(id)
  }

  const run = async (request: RpcRequest, controller: AbortController): Promise<void> => {
    const { id, method } = request
    const refuse = (message: string): void =>
      reply(id, controller, { error: { code: METHOD_NOT_FOUND, message } })
    try {
      const handled = onRequest(request, controller.signal)
      if (handled === undefined) return refuse(`this client does not handle ${method}`)
      const result = await handled.result
      reply(id, controller, { result: result ?? null })
    } catch (cause) {
      if (controller.signal.aborted || cause instanceof CodexClosedError) return
      onFault(new CodexHandlerError(method, cause))
      refuse(`this client could not answer ${method}`)
    }
  }

  return {
    /** Calls the handler before it returns; the reply follows when there is one. */
    answer(request: RpcRequest): void {
      withdraw(request.id)
      const controller = new AbortController()
      open.set(request.id, controller)
      void run(request, controller)
    },
    withdraw,
    withdrawAll(reason: unknown): void {
      for (const id of open.keys()) withdraw(id, reason)
    },
  }
}

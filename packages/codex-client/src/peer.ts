// JSON-RPC over one transport, both ways: ids, the requests still open, and the end that fails them
// all. Reading never awaits: a message is handled or handed on before the next one is looked at,
// because the server cuts off a reader that falls 33,000 messages behind. Which methods exist, how
// many requests may be open and how long one waits are not known here.
import { makeAnswers } from './answers.ts'
import type { RequestHandler } from './answers.ts'
import { CodexClosedError, CodexHandlerError, CodexProtocolError, CodexRpcError } from './errors.ts'
import { textToMessage } from './message.ts'
import type { RequestId, RpcMessage, RpcNotification } from './message.ts'
import type { Transport, TransportEnd } from './transport.ts'

export interface PeerOptions {
  readonly transport: Transport
  readonly onNotification: (notification: RpcNotification) => void
  readonly onRequest: RequestHandler
  /** Told of what went wrong without a caller to tell: a throwing handler, a broken message. */
  readonly onFault: (fault: Error) => void
}

export interface Peer extends AsyncDisposable {
  /**
   * Sends a request and waits for its answer. Rejects with `CodexRpcError`, `CodexClosedError`,
   * `CodexMessageTooLargeError`, or the signal's reason; giving up does not stop the server's work.
   */
  request(method: string, params: unknown, signal?: AbortSignal): Promise<unknown>
  notify(method: string, params?: unknown): void
  /** The server request of this id needs no answer any more: its handler's signal fires. */
  withdraw(id: RequestId): void
  /** Resolves once, when the connection has ended; never rejects. */
  readonly closed: Promise<TransportEnd>
  /** Requests sent and not yet answered. */
  readonly pending: number
}

interface Call {
  readonly method: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Takes the transport over and begins to read it. */
export function makePeer({ transport, onNotification, onRequest, onFault }: PeerOptions): Peer {
  const calls = new Map<RequestId, Call>()
  const closed = Promise.withResolvers<TransportEnd>()
  const answers = makeAnswers({ send: (text) => transport.send(text), onRequest, onFault })
  let nextId = 1
  let end: TransportEnd | undefined

  /** An answer to nothing is no fault: its caller gave up before it came. */
  const settle = (id: RequestId, apply: (call: Call) => void): void => {
    const call = calls.get(id)
    if (call === undefined || !calls.delete(id)) return
    apply(call)
  }

  const receive = (message: RpcMessage): void => {
    switch (message.kind) {
      case 'result':
        return settle(message.id, (call) => call.resolve(message.result))
      case 'error':
        return settle(message.id, (call) =>
          call.reject(new CodexRpcError(call.method, message.error)),
        )
      case 'request':
        return answers.answer(message.request)
      case 'notification':
        try {
          onNotification(message.notification)
        } catch (cause) {
          onFault(new CodexHandlerError(message.notification.method, cause))
        }
    }
  }

  transport.start({
    onMessage(text) {
      const message = textToMessage(text)
      if (message === undefined) {
        onFault(new CodexProtocolError(`a message of ${text.length} characters is no JSON-RPC`))
      } else {
        receive(message)
      }
    },
    onEnd(reason) {
      end = reason
      const error = new CodexClosedError(reason)
      answers.withdrawAll(error)
      for (const call of calls.values()) call.reject(error)
      calls.clear()
      closed.resolve(reason)
    },
  })

  const send = async (method: string, params: unknown, signal?: AbortSignal): Promise<unknown> => {
    signal?.throwIfAborted()
    if (end !== undefined) throw new CodexClosedError(end)
    const id = nextId++
    const giveUp = (): void => settle(id, (call) => call.reject(signal?.reason))
    signal?.addEventListener('abort', giveUp, { once: true })
    try {
      return await new Promise((resolve, reject) => {
        calls.set(id, { method, resolve, reject })
        transport.send(JSON.stringify({ id, method, params }))
      })
    } finally {
      calls.delete(id)
      signal?.removeEventListener('abort', giveUp)
    }
  }

  return {
    request: send,
    notify(method, params) {
      transport.send(JSON.stringify({ method, params }))
    },
    withdraw: answers.withdraw,
    closed: closed.promise,
    get pending() {
      return calls.size
    },
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]()
    },
  }
}

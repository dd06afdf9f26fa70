// The typed client of one Codex app-server over one transport: the handshake, requests within their
// deadline and within the server's limits, and its notifications and requests handed on. It knows
// the protocol and nothing of what it is used for.
import { makeDeadline } from './deadline.ts'
import { CodexProtocolError } from './errors.ts'
import { makeIngress } from './ingress.ts'
import { isRecord } from './message.ts'
import type { RequestId, RpcNotification } from './message.ts'
import { URGENT_METHODS } from './methods.ts'
import type { CodexMethod, CodexParams, CodexResult } from './methods.ts'
import { isKnownNotification } from './notifications.ts'
import type { CodexNotification, CodexNotificationMethod } from './notifications.ts'
import { makePeer } from './peer.ts'
import { handlersToRequestHandler } from './server-requests.ts'
import type { CodexServerHandlers, UnknownServerRequest } from './server-requests.ts'
import { makeTally } from './tally.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'
import type { Transport, TransportEnd } from './transport.ts'

const DEFAULT_TIMEOUT_MS = 30_000

export interface CodexClientOptions {
  /** Owned by the client from here on: disposed with it, and when the handshake fails. */
  readonly transport: Transport
  /** `name` must be a valid HTTP header value; it becomes the originator of the server's calls. */
  readonly clientInfo: { readonly name: string; readonly title: string; readonly version: string }
  /** Notifications that the server shall not send to this connection. */
  readonly optOut?: readonly CodexNotificationMethod[]
  /** Called synchronously, in arrival order. It must not block. */
  readonly onNotification?: (notification: CodexNotification) => void
  /** Notifications that this version of the protocol does not have, as they came. */
  readonly onUnknownNotification?: (notification: RpcNotification) => void
  /** Handlers of the server's own requests, by method. */
  readonly serverRequests?: CodexServerHandlers
  /** Told of a request whose method has no handler; it is refused. `threadId` as far as it names one. */
  readonly onUnknownRequest?: (request: UnknownServerRequest) => void
  /** Told of faults without a caller: a throwing handler, a message that is no JSON-RPC. */
  readonly onFault: (fault: Error) => void
  /** For requests that give none of their own. Default 30,000. */
  readonly timeoutMs?: number
  /** For the handshake; as long as for any request when absent. */
  readonly handshakeTimeoutMs?: number
  readonly timers?: Timers
  /** A number in [0, 1) for the jitter of retries. */
  readonly random?: () => number
}

export interface RequestOptions {
  /** From the call to its answer, waiting for a slot and retries included. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Whether it may use the reserved slots. Default: interrupt, diagnostics and resume may. */
  readonly urgent?: boolean
}

export interface CodexServerInfo {
  /** From the user agent; undefined when it has none. */
  readonly version: string | undefined
  readonly userAgent: string
  readonly codexHome: string
}

export interface CodexClientStats {
  /** Requests with a slot, and requests waiting for one. */
  readonly open: number
  readonly waiting: number
  /** How often each notification unknown to this protocol came. */
  readonly unknownNotifications: Readonly<Record<string, number>>
}

export interface CodexClient extends AsyncDisposable {
  readonly server: CodexServerInfo
  /**
   * Calls a method. Rejects with `CodexRpcError`, `CodexTimeoutError`, `CodexClosedError`,
   * `CodexMessageTooLargeError`, or the reason of the given signal.
   */
  request<Method extends CodexMethod>(
    method: Method,
    params: CodexParams<Method>,
    options?: RequestOptions,
  ): Promise<CodexResult<Method>>
  /** Resolves once, when the connection has ended; never rejects. */
  readonly closed: Promise<TransportEnd>
  stats(): CodexClientStats
}

/** Introduces this client to the server. On failure the transport is closed and the error thrown. */
export async function connectCodex(options: CodexClientOptions): Promise<CodexClient> {
  const { transport, timers = systemTimers, random = Math.random, onFault } = options
  const unknown = makeTally()
  const ingress = makeIngress({ timers, random })

  const onNotification = (notification: RpcNotification): void => {
    if (!isKnownNotification(notification.method)) {
      unknown.count(notification.method)
      options.onUnknownNotification?.(notification)
      return
    }
    const resolved = resolvedRequest(notification)
    if (resolved !== undefined) peer.withdraw(resolved)
    options.onNotification?.(notification as CodexNotification)
  }

  const peer = makePeer({
    transport,
    onNotification,
    onRequest: handlersToRequestHandler(options.serverRequests ?? {}, options.onUnknownRequest),
    onFault,
  })

  const call = async (method: string, params: unknown, given: RequestOptions = {}) => {
    const timeoutMs = given.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    using deadline = makeDeadline({ method, timeoutMs, signal: given.signal, timers })
    const { signal } = deadline
    const urgent = given.urgent ?? URGENT_METHODS.has(method)
    return await ingress.run(() => peer.request(method, params, signal), { urgent, signal })
  }

  const initialize = {
    clientInfo: options.clientInfo,
    capabilities: {
      experimentalApi: true,
      requestAttestation: false,
      optOutNotificationMethods: [...(options.optOut ?? [])],
    },
  } satisfies CodexParams<'initialize'>

  try {
    const { handshakeTimeoutMs: timeoutMs } = options
    const limits = timeoutMs === undefined ? {} : { timeoutMs }
    const server = toServerInfo(await call('initialize', initialize, limits))
    peer.notify('initialized')
    return {
      server,
      async request<Method extends CodexMethod>(
        method: Method,
        params: CodexParams<Method>,
        given?: RequestOptions,
      ) {
        return (await call(method, params, given)) as CodexResult<Method>
      },
      closed: peer.closed,
      stats: () => ({
        open: ingress.open,
        waiting: ingress.waiting,
        unknownNotifications: unknown.counts(),
      }),
      [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
    }
  } catch (error) {
    await peer[Symbol.asyncDispose]()
    throw error
  }
}

/** The id of the server request that needs no answer any more, if that is what was notified. */
function resolvedRequest({ method, params }: RpcNotification): RequestId | undefined {
  if (method !== 'serverRequest/resolved' || !isRecord(params)) return undefined
  return params['requestId'] as RequestId | undefined
}

/** The user agent reads `name/0.169.0 (system) ...`; the name is that of the first client. */
function toServerInfo(result: unknown): CodexServerInfo {
  if (!isRecord(result)) throw new CodexProtocolError('the answer to initialize is no object')
  const { userAgent, codexHome } = result
  if (typeof userAgent !== 'string' || typeof codexHome !== 'string') {
    throw new CodexProtocolError('the answer to initialize lacks userAgent or codexHome')
  }
  const version = /\/(\d+\.\d+\.\d+\S*)/.exec(userAgent)?.[1]
  return { version, userAgent, codexHome }
}

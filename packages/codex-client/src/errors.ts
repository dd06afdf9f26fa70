// Every way in which talking to Codex fails, one small class each, with the facts as fields. Texts
// name methods, codes and sizes, never what was said in a message.
import { isRecord } from './message.ts'

/** Codex answered a request with an error. `code` and `data` are the server's own. */
export class CodexRpcError extends Error {
  override readonly name = 'CodexRpcError'
  readonly method: string
  readonly code: number
  readonly data: unknown

  constructor(method: string, error: { code: number; message: string; data?: unknown }) {
    super(error.message)
    this.method = method
    this.code = error.code
    this.data = error.data
  }
}

/**
 * Whether a server that is shutting down refused the request: it was not begun, and may be sent
 * again to the next server. Codex marks this only in the data of an ordinary -32600.
 */
export function isDrainingError(error: unknown): error is CodexRpcError {
  return (
    error instanceof CodexRpcError &&
    isRecord(error.data) &&
    error.data['reason'] === 'serverShuttingDown'
  )
}

/** The connection has ended: the request was not sent, or its answer will never come. */
export class CodexClosedError extends Error {
  override readonly name = 'CodexClosedError'
  /** `closed`: by our side. `lost`: by the server, the system or a broken stream. */
  readonly kind: 'closed' | 'lost'

  constructor(end: { kind: 'closed' | 'lost'; detail: string; cause?: unknown }) {
    super(`the connection to Codex is ${end.kind}: ${end.detail}`, { cause: end.cause })
    this.kind = end.kind
  }
}

/** No answer within the time given; the server may still do what was asked. */
export class CodexTimeoutError extends Error {
  override readonly name = 'CodexTimeoutError'
  readonly method: string
  readonly timeoutMs: number

  constructor(method: string, timeoutMs: number) {
    super(`Codex did not answer ${method} within ${timeoutMs} ms`)
    this.method = method
    this.timeoutMs = timeoutMs
  }
}

/** A message is larger than the transport carries. Nothing of it was sent. */
export class CodexMessageTooLargeError extends Error {
  override readonly name = 'CodexMessageTooLargeError'
  readonly bytes: number
  readonly maxBytes: number

  constructor(bytes: number, maxBytes: number) {
    super(`a message of ${bytes} bytes is over the limit of ${maxBytes} bytes`)
    this.bytes = bytes
    this.maxBytes = maxBytes
  }
}

/** The server said something that is not in its protocol. */
export class CodexProtocolError extends Error {
  override readonly name = 'CodexProtocolError'
}

/** A handler given to the client threw; the client went on. `method` is what it handled. */
export class CodexHandlerError extends Error {
  override readonly name = 'CodexHandlerError'
  readonly method: string

  constructor(method: string, cause: unknown) {
    super(`the handler of ${method} threw`, { cause })
    this.method = method
  }
}

/** The server's socket could not be reached. `code` is the system's (ENOENT, EPERM, ...). */
export class CodexConnectError extends Error {
  override readonly name = 'CodexConnectError'
  readonly socketPath: string
  readonly code: string | undefined

  constructor(socketPath: string, cause: unknown) {
    const { code, message } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : {}
    super(`cannot connect to Codex at ${socketPath}: ${code ?? message ?? 'unknown'}`, { cause })
    this.socketPath = socketPath
    this.code = code
  }
}

/** The Codex program could not be started, or ended before it was of use. */
export class CodexSpawnError extends Error {
  override readonly name = 'CodexSpawnError'
  readonly binary: string
  readonly code: string | undefined

  constructor(binary: string, detail: string, options: { cause?: unknown } = {}) {
    super(`cannot run ${binary}: ${detail}`, options)
    this.binary = binary
    this.code = (options.cause as NodeJS.ErrnoException | undefined)?.code
  }
}

/** No native Codex executable could be found. */
export class CodexBinaryError extends Error {
  override readonly name = 'CodexBinaryError'
}

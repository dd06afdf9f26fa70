// Tells the four kinds of JSON-RPC message apart. Codex sends them without a "jsonrpc" field. Only
// the envelope is looked at; params and results stay as they came.

export type RequestId = string | number

export interface RpcRequest {
  readonly method: string
  readonly id: RequestId
  readonly params: unknown
}

export interface RpcNotification {
  readonly method: string
  readonly params: unknown
  /** When the server emitted it: Unix milliseconds, absent from older servers. */
  readonly emittedAtMs?: number
}

export interface RpcError {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

export type RpcMessage =
  | { readonly kind: 'request'; readonly request: RpcRequest }
  | { readonly kind: 'notification'; readonly notification: RpcNotification }
  | { readonly kind: 'result'; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: RequestId; readonly error: RpcError }

/** Undefined for what is no message at all: no JSON, no object, no known envelope. */
export function textToMessage(text: string): RpcMessage | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(value)) return undefined
  const { id, method } = value
  if (typeof method === 'string') {
    if (id === undefined) {
      return { kind: 'notification', notification: value as unknown as RpcNotification }
    }
    return isId(id) ? { kind: 'request', request: value as unknown as RpcRequest } : undefined
  }
  if (!isId(id)) return undefined
  if (isRpcError(value['error'])) return { kind: 'error', id, error: value['error'] }
  return 'result' in value ? { kind: 'result', id, result: value['result'] } : undefined
}

function isId(value: unknown): value is RequestId {
  return typeof value === 'number' || typeof value === 'string'
}

function isRpcError(value: unknown): value is RpcError {
  return (
    isRecord(value) && typeof value['code'] === 'number' && typeof value['message'] === 'string'
  )
}

/** Whether a value is an object with named fields: neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

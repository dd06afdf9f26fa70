// A line of a host as a message of JSON-RPC, or why it is none: with the code that the protocol has for that,
// and whom to answer.
import {
  ErrorCode,
  type JSONRPCMessage,
  JSONRPCMessageSchema,
} from '@modelcontextprotocol/sdk/types.js'

type Id = string | number | null

// That of what is no message, where it can be told; undefined for a bad answer, which is not answered.
const idOf = (value: unknown): Id | undefined => {
  const { id, result, error } = (value ?? {}) as Record<string, unknown>
  if (result !== undefined || error !== undefined) return undefined
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

/** What was sent is no message; `id` is undefined where nobody waits for an answer. */
export class Unreadable extends Error {
  readonly code: ErrorCode
  readonly id: Id | undefined

  constructor(message: string, code: ErrorCode, id: Id | undefined) {
    super(message)
    this.code = code
    this.id = id
  }
}

/** The message in a line; throws `Unreadable`. */
export const lineToMessage = (line: string): JSONRPCMessage => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new Unreadable('A line is no JSON.', ErrorCode.ParseError, null)
  }
  if (Array.isArray(value)) {
    throw new Unreadable('A line is one message: no batches.', ErrorCode.InvalidRequest, null)
  }
  const { success, data } = JSONRPCMessageSchema.safeParse(value)
  if (success) return data
  throw new Unreadable(
    'A line is no message of JSON-RPC 2.0.',
    ErrorCode.InvalidRequest,
    idOf(value),
  )
}

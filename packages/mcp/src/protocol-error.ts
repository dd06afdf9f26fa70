// Errors of the protocol itself, for what is no call of a tool: a JSON-RPC code, and data.
import { toDispatchError } from '@dispatch/contract/errors'
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js'
import { errorToResult } from './result.ts'

// The SDK's own error class writes its code into the message, once on each side.
const refusal = (code: number, message: string, data?: unknown): Error =>
  Object.assign(new Error(message), { code, ...(data === undefined ? {} : { data }) })

/** The code that MCP gives an address with nothing at it. */
const RESOURCE_NOT_FOUND = -32_002

/** There is nothing at an address. */
export const noResource = (uri: string): Error =>
  refusal(RESOURCE_NOT_FOUND, `There is no resource ${uri}`, { uri })

/** The host asked for what is not there, or left out what is needed. */
export const invalid = (message: string): Error => refusal(ErrorCode.InvalidParams, message)

/** The same, with what an op throws as an error of the protocol: its body as data. */
export const asProtocolError = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked
  } catch (thrown) {
    const error = toDispatchError(thrown)
    throw refusal(ErrorCode.InternalError, error.message, errorToResult(error).structuredContent)
  }
}

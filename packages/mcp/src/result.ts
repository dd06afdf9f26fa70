// Answers and errors as results of tools: structured, and the same as text for hosts that know no other.
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { type DispatchError, errorToBody } from '@dispatch/contract/errors'

type Structured = Record<string, unknown>

const toResult = (value: Structured, isError: boolean): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(value) }],
  structuredContent: value,
  ...(isError ? { isError: true } : {}),
})

/** The result of an op that answered; one with a verdict may have a bad one. */
export const answerToResult = (answer: unknown): CallToolResult => {
  const value = answer as Structured
  return toResult(value, typeof value.error === 'object' && value.error !== null)
}

/** The result of an op that was refused or failed. */
export const errorToResult = (error: DispatchError): CallToolResult =>
  toResult({ error: errorToBody(error) }, true)

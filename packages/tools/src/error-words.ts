// An error of an op in the words of the tool that it was called by: its own field names, no flags, and calls
// of the tools that there are in place of commands. Pure.
import { DispatchError } from '@dispatch/contract/errors'
import { inNamesOf } from '@dispatch/contract/input-error'
import { commandsToCalls } from './command-words.ts'
import type { Routed } from './route.ts'
import type { ToolEntry } from './tool.ts'

/** The same error in those words. A command that is none of the tools stays one: people can run it. */
export const inWordsOfCall = (
  thrown: DispatchError,
  routed: Routed,
  entries: readonly ToolEntry[] = [],
): DispatchError => {
  const inWords = (text: string): string => commandsToCalls(text, { entries, op: routed.op })
  const error = inNamesOf(thrown, {
    nameOf: ([key, ...rest]) =>
      key === undefined ? 'The input' : [routed.nameOf(key), ...rest].join('.'),
    hint: `The schema of the tool says what ${routed.what} takes.`,
  })
  const { code, details, retryable, hint } = error
  return new DispatchError(code, inWords(error.message), {
    retryable,
    cause: thrown,
    ...(hint === null ? {} : { hint: inWords(hint) }),
    ...(details === null ? {} : { details }),
  })
}

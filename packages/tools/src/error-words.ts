// An error of an op in the words of the tool that it was called by: its own field names, and no flags. A
// hint that names a command stays one: people and shells can run it. Pure.
import { DispatchError } from '@dispatch/contract/errors'
import { inNamesOf } from '@dispatch/contract/input-error'
import type { Routed } from './route.ts'
import { flagsToFields } from './words.ts'

const NAMES_COMMAND = /\bdispatch [a-z]/

const inWords = (text: string, { op }: Routed): string =>
  NAMES_COMMAND.test(text) ? text : flagsToFields(text, op)

/** The same error in those words. */
export const inWordsOfCall = (thrown: DispatchError, routed: Routed): DispatchError => {
  const error = inNamesOf(thrown, {
    nameOf: ([key, ...rest]) =>
      key === undefined ? 'The input' : [routed.nameOf(key), ...rest].join('.'),
    hint: `The schema of the tool says what ${routed.what} takes.`,
  })
  const { code, details, retryable, hint } = error
  return new DispatchError(code, inWords(error.message, routed), {
    retryable,
    cause: thrown,
    ...(hint === null ? {} : { hint: inWords(hint, routed) }),
    ...(details === null ? {} : { details }),
  })
}

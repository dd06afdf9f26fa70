// What an op answered in the words of the tool that it was called by: its own field names, no
// flags, and calls of the tools that there are in place of commands. Said of errors, and of the
// sentences in answers; what an answer quotes, such as messages, stays as it is. Pure.
import { bodyToError, DispatchError, type ErrorBody, errorToBody } from '@dispatch/contract/errors'
import { inNamesOf } from '@dispatch/contract/input-error'
import { commandsToCalls, NAMES_COMMAND } from './command-words.ts'
import type { Routed } from './route.ts'
import type { ToolEntry } from './tool.ts'

/** What was called. */
export type Called = Pick<Routed, 'op' | 'what' | 'nameOf'>

/** Who is told. */
export type Listener = {
  /** The tools that it has. */
  entries: readonly ToolEntry[]
  /** Whether a command that is none of them is not its own to run: it is for a person then. */
  lacksShell?: boolean
}

const toInWords =
  ({ op }: Called, { entries }: Listener) =>
  (text: string): string =>
    commandsToCalls(text, { entries, op })

// A sentence of advice. Who can do no part of it is told it as people are.
const toAdvise = (called: Called, listener: Listener): ((text: string) => string) => {
  const inWords = toInWords(called, listener)
  return (text) => {
    const said = inWords(text)
    return listener.lacksShell && NAMES_COMMAND.test(said) ? `For a person: ${text}` : said
  }
}

/** The same error in those words. */
export const errorInWords = (
  thrown: DispatchError,
  called: Called,
  listener: Listener,
): DispatchError => {
  const error = inNamesOf(thrown, {
    nameOf: ([key, ...rest]) =>
      key === undefined ? 'The input' : [called.nameOf(key), ...rest].join('.'),
    hint: `The schema of the tool says what ${called.what} takes.`,
  })
  const { code, details, retryable, hint } = error
  return new DispatchError(code, toInWords(called, listener)(error.message), {
    retryable,
    cause: thrown,
    ...(hint === null ? {} : { hint: toAdvise(called, listener)(hint) }),
    ...(details === null ? {} : { details }),
  })
}

/** Fields of answers that hold sentences of dispatch. */
const SENTENCES = ['notes', 'warnings'] as const

/** The same answer in those words: its notes and warnings, and the error of a bad verdict. */
export const answerInWords = (answer: unknown, called: Called, listener: Listener): unknown => {
  if (typeof answer !== 'object' || answer === null) return answer
  const given = answer as Record<string, unknown>
  const advise = toAdvise(called, listener)
  const said = SENTENCES.flatMap((field) => {
    const sentences = given[field]
    return Array.isArray(sentences)
      ? [[field, sentences.map((one) => (typeof one === 'string' ? advise(one) : one))]]
      : []
  })
  const { error } = given as { error?: ErrorBody | null }
  const bad =
    called.op.meta.verdict && error
      ? { error: errorToBody(errorInWords(bodyToError(error), called, listener)) }
      : {}
  return { ...given, ...Object.fromEntries(said), ...bad }
}

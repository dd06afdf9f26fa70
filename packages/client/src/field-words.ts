// What dispatch refuses speaks of flags, as they are typed; a program gives fields. The same error in
// their words. A part of it that is a command line stays one: a person can run that.
import { DispatchError } from '@dispatch/contract/errors'

// Where the field is not the flag in camel case. A test holds it against the contract.
const fieldOfFlag: Readonly<Record<string, string>> = {
  at: 'time',
  'base-file': 'baseInstructions',
  context: "mode: 'context'",
  'developer-file': 'developerInstructions',
  'goal-file': 'goal',
  'input-file': 'text',
  interject: "mode: 'interject'",
  jitter: 'jitterSeconds',
  'min-interval': 'minIntervalSeconds',
  'objective-file': 'objective',
  'output-schema-file': 'outputSchema',
  preset: 'presets',
  queue: "mode: 'queue'",
  steer: "mode: 'steer'",
  timeout: 'timeoutSeconds',
  type: 'types',
}

const camelCase = (flag: string): string =>
  flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The field that a flag, without its dashes, gives. */
export const flagToField = (flag: string): string => {
  const [, off] = /^no-(.+)$/.exec(flag) ?? []
  if (off !== undefined) return `${flagToField(off)}: false`
  return Object.hasOwn(fieldOfFlag, flag) ? (fieldOfFlag[flag] ?? flag) : camelCase(flag)
}

const COMMAND = /(?:^|[\s=])dispatch [a-z]/
const FLAG = /(?<![\w-])--([a-z][a-z-]*[a-z])/g

const inFields = (text: string): string =>
  text
    // Three dots end no sentence.
    .split(/(?<=;\s|[^.]\.\s)/)
    .map((part) =>
      COMMAND.test(part) ? part : part.replace(FLAG, (_, flag: string) => flagToField(flag)),
    )
    .join('')
    // A text, or a file of it: the same field.
    .replace(/\b(\w+) or \1\b/g, '$1')

/** The same error in the words of a program; one that is not about the input as it is. */
export const inFieldWords = (thrown: unknown): unknown => {
  if (!(thrown instanceof DispatchError)) return thrown
  const { code, message, hint, details, retryable } = thrown
  if (code !== 'validation' && code !== 'usage') return thrown
  return new DispatchError(code, inFields(message), {
    retryable,
    cause: thrown,
    ...(hint === null ? {} : { hint: inFields(hint) }),
    ...(details === null ? {} : { details }),
  })
}

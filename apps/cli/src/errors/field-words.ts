// An error about the input, with each field as it is typed.
import { inNamesOf } from '@dispatch/contract/input-error'
import type { DispatchError } from '@dispatch/contract/errors'
import { commandName, type Field } from '../commands/command.ts'
import type { Invocation } from '../commands/invocation.ts'
import { fieldLabel } from '../input/refusal.ts'

const labelOf = (field: Field, { values }: Invocation): string =>
  field.file !== undefined && values[field.file] !== undefined
    ? `--${field.file}`
    : fieldLabel(field)

// Of a list the place is told, of pairs the key.
const stepOf = (field: Field, step: string): string =>
  field.kind === 'list' ? `no. ${Number(step) + 1}` : step

/** The same error in the words of the command line; one that is not about a field as it is. */
export const inWordsOf = (error: DispatchError, invocation: Invocation): DispatchError => {
  const { fields } = invocation.command
  const nameOf = ([key, ...rest]: readonly string[]): string => {
    const field = fields.find((one) => one.key === key && one.says === undefined)
    if (key === undefined || !field) return key ?? 'The input'
    return [labelOf(field, invocation), ...rest.map((step) => stepOf(field, step))].join(' ')
  }
  return inNamesOf(error, { nameOf, hint: `dispatch ${commandName(invocation.command)} --help` })
}

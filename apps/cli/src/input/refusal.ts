// Words for what is wrong with an invocation.
import { DispatchError } from '@dispatch/contract/errors'
import { type Field, commandName } from '../commands/command.ts'
import type { Invocation } from '../commands/invocation.ts'

/** A field as a person types it. */
export const fieldLabel = (field: Field): string =>
  field.positional ? `<${field.name}>` : `--${field.name}`

/** A usage error that points at the command's help. */
export const usage = ({ command }: Pick<Invocation, 'command'>, message: string): DispatchError =>
  new DispatchError('usage', message, { hint: `dispatch ${commandName(command)} --help` })

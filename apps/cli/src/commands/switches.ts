// Flags of single commands that say how to print and are no input of the op: `--text`, which on other
// commands is a message.
import type { Field } from './command.ts'
import type { Invocation } from './invocation.ts'

/** `--text`: short for `--output text`. */
export const textSwitch: Field = {
  key: 'text',
  name: 'text',
  kind: 'boolean',
  description: 'Print text, also off a terminal',
  presents: true,
}

/** The invocation with its switches turned into what every command takes. */
export const takeSwitches = (invocation: Invocation): Invocation => {
  const { command, values, globals } = invocation
  if (!command.fields.some(({ presents }) => presents) || values.text === undefined) {
    return invocation
  }
  const { text: _text, ...rest } = values
  return { ...invocation, values: rest, globals: { ...globals, output: 'text' } }
}

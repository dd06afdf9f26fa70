// What a field is on a terminal where nobody typed it: a person reads the answer there.
import type { Field } from '../commands/command.ts'
import type { Invocation } from '../commands/invocation.ts'
import { isChosen } from '../commands/variant.ts'
import type { Shaped } from './shape.ts'

const isOfForm = (field: Field, { values, follow }: Invocation): boolean => {
  const { form, onlyWith, notWith } = field
  if (form !== undefined && (form === 'follow') !== follow) return false
  if (notWith !== undefined && isChosen(values, notWith)) return false
  return onlyWith === undefined || isChosen(values, onlyWith)
}

/** The input with those defaults. */
export const fillForTerminal = ({ form, input }: Shaped, invocation: Invocation): Shaped => {
  const missing = invocation.command.fields.filter(
    (field) =>
      field.onTerminal !== undefined &&
      input[field.key] === undefined &&
      isOfForm(field, invocation),
  )
  const defaults = missing.map((field) => [field.key, field.onTerminal])
  return { form, input: { ...Object.fromEntries(defaults), ...input } }
}

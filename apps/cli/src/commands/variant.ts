// The variant of a command: another op, called with a flag of its own, such as `list --unmanaged`, or
// with a field of its own, such as `send --to LANE`. The command takes the fields of both; each knows
// whether it goes with the flag. The positionals of the variant are some of the command's.
import type { ManifestOp } from '@dispatch/contract/manifest'
import { type Command, type Field, firstSentence, type Form } from './command.ts'
import type { Invocation, Values } from './invocation.ts'

const chooserOf = ({ meta }: ManifestOp, flag: string): Field => ({
  key: flag,
  name: flag,
  kind: 'boolean',
  description: firstSentence(meta.description),
  chooses: true,
})

const inVariant = ({ required: _required, ...field }: Field, isRequired: boolean): Field => ({
  ...field,
  ...(isRequired ? { requiredInVariant: true as const } : {}),
})

const shared = (field: Field, other: Field): Field => {
  const { choices } = other
  const differ = choices && choices.join() !== field.choices?.join()
  return {
    ...field,
    ...(other.required ? { requiredInVariant: true as const } : {}),
    ...(differ ? { choicesInVariant: choices } : {}),
  }
}

/** The fields of an op and of its variant, and the flag itself where it is no field. */
export const mergeVariant = (
  plain: readonly Field[],
  other: readonly Field[],
  variant: ManifestOp,
): Field[] => {
  const flag = variant.meta.variantOf?.flag ?? ''
  const chooser = other.find(({ name }) => name === flag)
  const own = other.filter(({ key }) => !plain.some((field) => field.key === key))
  const has = ({ key }: Field): boolean => other.some((field) => field.key === key)
  const positionals = plain.filter(({ positional }) => positional)
  // Those that it lacks leave their operands to the others, unread so far.
  const isOdd = !positionals.every(has) && positionals.some(({ kind }) => kind !== 'text')
  if (isOdd || own.some(({ positional }) => positional)) {
    throw new Error(`${variant.path}: its positionals do not fit those of the command it varies`)
  }
  return [
    ...(chooser ? [inVariant(chooser, chooser.required === true)] : [chooserOf(variant, flag)]),
    ...plain.map((field) => {
      const same = other.find(({ key }) => key === field.key)
      return same ? shared(field, same) : { ...field, notWith: flag }
    }),
    ...own
      .filter((field) => field !== chooser)
      .map((field) => ({ ...inVariant(field, field.required === true), onlyWith: flag })),
  ]
}

/** Whether the flag of a variant was given. */
export const isChosen = (values: Values, flag: string): boolean =>
  values[flag] !== undefined && values[flag] !== false

/** The variant, where its flag was given. */
export const variantOf = (command: Command, values: Values): Form | undefined =>
  command.variant && isChosen(values, command.variant.flag) ? command.variant : undefined

/** The invocation with its operands given to the positionals that the variant takes; as it is where there are more of them. */
export const placeOperands = (invocation: Invocation): Invocation => {
  const { command, values } = invocation
  const positionals = command.fields.filter(({ positional }) => positional)
  const own = positionals.filter(({ notWith }) => notWith === undefined)
  if (own.length === positionals.length || !variantOf(command, values)) return invocation
  const given = positionals.flatMap(({ name }) => values[name] ?? [])
  if (given.length > own.length) return invocation
  const names = new Set(positionals.map(({ name }) => name))
  return {
    ...invocation,
    values: Object.fromEntries([
      ...Object.entries(values).filter(([name]) => !names.has(name)),
      ...given.map((value, at) => [own[at]?.name ?? '', value] as const),
    ]),
  }
}

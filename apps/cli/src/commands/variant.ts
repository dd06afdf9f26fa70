// The variant of a command: another op, called with a flag of its own, such as `list --unmanaged`. The
// command takes the fields of both; each knows whether it goes with the flag.
import type { ManifestOp } from '@dispatch/contract/manifest'
import { type Command, type Field, firstSentence, type Form } from './command.ts'
import type { Values } from './invocation.ts'

const demanded = (fields: readonly Field[]): string =>
  fields
    .filter(({ required }) => required)
    .map(({ key }) => key)
    .sort()
    .join()

/** The fields of an op and of its variant, and the flag itself. */
export const mergeVariant = (
  plain: readonly Field[],
  other: readonly Field[],
  variant: ManifestOp,
): Field[] => {
  const flag = variant.meta.variantOf?.flag ?? ''
  // The parsers insist on a field before they know the flag.
  if (demanded(plain) !== demanded(other)) {
    throw new Error(`${variant.path}: it demands other fields than the command that it varies`)
  }
  const has = (fields: readonly Field[], key: string): boolean =>
    fields.some((field) => field.key === key)
  return [
    {
      key: flag,
      name: flag,
      kind: 'boolean',
      description: firstSentence(variant.meta.description),
      chooses: true,
    },
    ...plain.map((field) => (has(other, field.key) ? field : { ...field, notWith: flag })),
    ...other
      .filter((field) => !has(plain, field.key))
      .map((field) => ({ ...field, onlyWith: flag })),
  ]
}

/** The variant, where its flag was given. */
export const variantOf = (command: Command, values: Values): Form | undefined =>
  command.variant && values[command.variant.flag] === true ? command.variant : undefined

// The names that a command line would see, read off the manifest: what the laws on names compare.
import type { FieldMeta, JsonSchema, ManifestOp } from '../src/manifest.ts'

export type NamedField = {
  key: string
  /** Flags with their dashes, the one-letter alias and the file flag included. */
  flags: string[]
  positional: boolean
  many: boolean
  required: boolean
  boolean: boolean
}

const kebab = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()

/** The words that name a command. */
export const wordsOf = (path: string): string[] => path.split('.').map(kebab)

/** The fields of an op as a command line names them. */
export const fieldsOf = ({ input }: ManifestOp): NamedField[] => {
  const properties = (input['properties'] ?? {}) as Record<string, JsonSchema & FieldMeta>
  const required = new Set((input['required'] ?? []) as string[])
  return Object.entries(properties).flatMap(([key, field]) => {
    const flag = field.flag ?? kebab(key)
    const flags = [
      ...(field.positional ? [] : [`--${flag}`]),
      ...(field.negatable ? [`--no-${flag}`] : []),
      ...(field.alias ? [`-${field.alias}`] : []),
      ...(field.fileFlag ? [`--${field.fileFlag}`] : []),
    ]
    const own = {
      key,
      flags,
      positional: field.positional === true,
      many: field['type'] === 'array',
      required: required.has(key) && field.fileFlag === undefined,
      boolean: field['type'] === 'boolean',
    }
    const switches = (field.switches ?? []).map((value) => ({
      key: `${key}=${value}`,
      flags: [`--${kebab(value)}`],
      positional: false,
      many: false,
      required: false,
      boolean: true,
    }))
    return [own, ...switches]
  })
}

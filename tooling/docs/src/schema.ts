// A JSON Schema of the manifest as a person reads it: the name of its type, and what is inside of it.
// Pure.
import type { ManifestOp } from '@dispatch/contract'

/** A JSON Schema. */
export type Schema = ManifestOp['output']

/** One field of an object. */
export type SchemaField = { name: string; schema: Schema; required: boolean }

const options = (schema: Schema): Schema[] =>
  ((schema.anyOf ?? schema.oneOf) as Schema[] | undefined) ?? []

const isNull = (schema: Schema): boolean => schema.type === 'null'

/** The schema without its null, and whether null is allowed. */
export const withoutNull = (schema: Schema): { schema: Schema; nullable: boolean } => {
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== 'null')
    const type = types.length === 1 ? types[0] : types
    return { schema: { ...schema, type }, nullable: types.length < schema.type.length }
  }
  const rest = options(schema).filter((one) => !isNull(one))
  const nullable = rest.length < options(schema).length
  const [only] = rest
  if (nullable && only && rest.length === 1) return { schema: only, nullable }
  return { schema, nullable }
}

/** What a list is made of, where the schema is one. */
export const itemOf = (schema: Schema): Schema | null =>
  schema.type === 'array' ? (schema.items as Schema) : null

/** The fields of an object, in its order. */
export const fieldsOf = (schema: Schema): SchemaField[] => {
  const required = new Set(schema.required as string[] | undefined)
  return Object.entries((schema.properties ?? {}) as Record<string, Schema>).map(
    ([name, field]) => ({ name, schema: field, required: required.has(name) }),
  )
}

/** The objects that a union chooses from; empty where it is none. */
export const variantsOf = (schema: Schema): Schema[] =>
  options(schema).every((one) => one.type === 'object') ? options(schema) : []

const plainType = (schema: Schema): string => {
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => `\`${String(one)}\``).join(', ')
  if (typeof schema.const === 'string') return `\`${schema.const}\``
  const items = itemOf(schema)
  if (items) return items.type === 'object' ? 'list' : `list of ${typeName(items)}`
  if (schema.format === 'date-time') return 'time'
  if (schema.type === 'object' || variantsOf(schema).length > 0) return 'object'
  if (typeof schema.type === 'string') return schema.type
  return options(schema).map(plainType).join(' or ') || 'anything'
}

/** The name of a type: `string`, `time or null`, the words of an enum. */
export const typeName = (given: Schema): string => {
  const { schema, nullable } = withoutNull(given)
  return plainType(schema) + (nullable ? ' or null' : '')
}

// One schema that takes what any of several takes, as flat as it can be: alike ones are one, texts and
// numbers lose the bounds that they do not share, the rest stands side by side. Pure.
import type { JsonSchema } from '@dispatch/contract/manifest'

const withoutWords = ({ description: _words, ...rest }: JsonSchema): JsonSchema => rest

const distinct = (schemas: readonly JsonSchema[]): JsonSchema[] => [
  ...new Map(schemas.map((schema) => [JSON.stringify(withoutWords(schema)), schema])).values(),
]

const lowBounds = ['minimum', 'minLength', 'minItems'] as const
const highBounds = ['maximum', 'maxLength', 'maxItems'] as const

const shared = (
  keys: readonly string[],
  schemas: readonly JsonSchema[],
  choose: (...values: number[]) => number,
): JsonSchema =>
  Object.fromEntries(
    keys
      .filter((key) => schemas.every((schema) => typeof schema[key] === 'number'))
      .map((key) => [key, choose(...schemas.map((schema) => schema[key] as number))]),
  )

const loosen = (schemas: readonly JsonSchema[]): JsonSchema => ({
  type: schemas[0]?.type,
  ...(schemas[0]?.items === undefined ? {} : { items: schemas[0].items }),
  ...(schemas.every((schema) => Array.isArray(schema.enum))
    ? { enum: [...new Set(schemas.flatMap((schema) => schema.enum as unknown[]))] }
    : {}),
  ...shared(lowBounds, schemas, Math.min),
  ...shared(highBounds, schemas, Math.max),
})

// Objects, and arrays of other things, stay apart: what they have inside would be lost.
const canLoosen = ([first, ...others]: readonly JsonSchema[]): boolean =>
  ['string', 'number', 'integer', 'boolean', 'array'].includes(String(first?.type)) &&
  others.every(({ items }) => JSON.stringify(items) === JSON.stringify(first?.items))

/** What takes whatever one of them takes; no descriptions. */
export const joinSchemas = (schemas: readonly JsonSchema[]): JsonSchema => {
  const branches = distinct(
    schemas.flatMap((schema) =>
      Array.isArray(schema.anyOf) ? (schema.anyOf as JsonSchema[]) : [schema],
    ),
  )
  const byType = Map.groupBy(branches, ({ type }) => String(type))
  const joined = [...byType.values()].flatMap((alike) =>
    canLoosen(alike) && alike.length > 1 ? [loosen(alike)] : alike,
  )
  const [only] = joined
  if (only && joined.length === 1) return withoutWords(only)
  return { anyOf: joined }
}

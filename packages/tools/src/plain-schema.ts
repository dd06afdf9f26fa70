// A JSON Schema of the manifest as every MCP host takes it: words of standard JSON Schema alone, one type
// a node, nothing that accepts whatever comes without saying so. Pure.
import type { JsonSchema } from '@dispatch/contract/manifest'
import { joinSchemas } from './join-schemas.ts'
import { withoutFlags } from './words.ts'

/** Which way the values go. Answers are open: inside a wire number a newer daemon may add fields. */
export type Way = 'input' | 'output'

// What is kept of a node as it is. The rest is what the contract says of a field to other surfaces, or is
// said in other words below.
const keptWords = new Set([
  ...['type', 'description', 'default', 'enum', 'format', 'required'],
  ...['properties', 'items', 'additionalProperties'],
  ...['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
])

const anyValue = ['string', 'number', 'boolean', 'object', 'array', 'null'].map((type) => ({
  type,
}))

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isEmpty = (schema: JsonSchema): boolean => Object.keys(schema).length === 0

// A bound that zod writes for every integer says nothing.
const isSafeBound = (key: string, value: unknown): boolean =>
  (key === 'minimum' || key === 'maximum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER

const branchesOf = (schema: JsonSchema): JsonSchema[] | undefined =>
  (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined

// What is said of an input depends on the op; see words.ts.
const wordsOf = (description: string, way: Way): string =>
  way === 'output' ? withoutFlags(description) : description

const plainRest = (rest: unknown, way: Way): unknown => {
  if (!isSchema(rest)) return way === 'output' && rest === false ? undefined : rest
  const plain = toPlainSchema(rest, way)
  return plain.anyOf === anyValue ? true : plain
}

const standardWords = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(schema).filter(
      ([key, value]) =>
        keptWords.has(key) &&
        // The pattern of a format is hundreds of characters that say the format once more.
        !(key === 'pattern' && 'format' in schema) &&
        !isSafeBound(key, value),
    ),
  )

// Each type with all that is said of the value: what is about another type says nothing there.
const splitTypes = ({ description, type, ...rest }: JsonSchema): JsonSchema => ({
  description,
  anyOf: (type as string[]).map((one) => (one === 'null' ? { type: one } : { ...rest, type: one })),
})

/** The schema in plain words. */
export const toPlainSchema = (schema: JsonSchema, way: Way): JsonSchema => {
  if (Array.isArray(schema.type)) return toPlainSchema(splitTypes(schema), way)
  const { description, properties, items, additionalProperties, ...rest } = standardWords(schema)
  const branches = branchesOf(schema)?.map((branch) => toPlainSchema(branch, way))
  const others = plainRest(additionalProperties, way)
  const plain: JsonSchema = {
    ...rest,
    ...('const' in schema ? { enum: [schema.const] } : {}),
    ...(branches === undefined ? {} : joinSchemas(branches)),
    ...(isSchema(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [
              name,
              toPlainSchema(property as JsonSchema, way),
            ]),
          ),
        }
      : {}),
    ...(isSchema(items) ? { items: toPlainSchema(items, way) } : {}),
    ...(others === undefined ? {} : { additionalProperties: others }),
  }
  return {
    ...(typeof description === 'string' ? { description: wordsOf(description, way) } : {}),
    ...(isEmpty(plain) ? { anyOf: anyValue } : plain),
  }
}

// A value that a JSON Schema of the manifest accepts: the smallest, or one with every field in it.
import type { JsonSchema } from '../manifest.ts'

type Fill = 'required' | 'all'

const objectOf = (schema: JsonSchema, fill: Fill): unknown => {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>
  const required = new Set((schema['required'] ?? []) as string[])
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => fill === 'all' || required.has(name))
      .map(([name, property]) => [name, sampleOf(property, fill)]),
  )
}

const arrayOf = (schema: JsonSchema, fill: Fill): unknown => {
  const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0
  const length = Math.max(least, fill === 'all' ? 1 : 0)
  return Array.from({ length }, () => sampleOf(schema['items'] as JsonSchema, fill))
}

const stringOf = (schema: JsonSchema): string => {
  if (schema['format'] === 'date-time') return '2026-01-02T03:04:05.678Z'
  if (schema['format'] === 'date') return '2026-01-02'
  if (schema['format'] === 'uuid') return '019a0000-0000-7000-8000-000000000000'
  return 'text'
}

/** A value of a schema. */
export const sampleOf = (schema: JsonSchema, fill: Fill): unknown => {
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  const alternatives = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(alternatives)) return sampleOf(alternatives[0] as JsonSchema, fill)
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, fill)
    case 'array':
      return arrayOf(schema, fill)
    case 'string':
      return stringOf(schema)
    case 'integer':
    case 'number':
      return Math.max(1, typeof schema['minimum'] === 'number' ? schema['minimum'] : 1)
    case 'boolean':
      return true
    default:
      // `null`, and the empty schema of an unknown value.
      return null
  }
}

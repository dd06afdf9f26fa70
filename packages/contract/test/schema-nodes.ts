// Every node of a JSON Schema with its path, for laws that hold everywhere in it.
import type { JsonSchema } from '../src/manifest.ts'

export type SchemaNode = { path: string; schema: JsonSchema; property: boolean }

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const childrenOf = ({ path, schema }: SchemaNode): SchemaNode[] => {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)
  const alternatives = ['anyOf', 'oneOf', 'allOf'].flatMap(
    (word) => (schema[word] ?? []) as JsonSchema[],
  )
  const inner = ['items', 'additionalProperties'].map((word) => schema[word]).filter(isSchema)
  return [
    ...properties.map(([name, child]) => ({
      path: `${path}.${name}`,
      schema: child,
      property: true,
    })),
    ...[...alternatives, ...inner].map((child) => ({ path, schema: child, property: false })),
  ]
}

/** A schema and everything in it, outermost first. */
export const nodesOf = (path: string, schema: JsonSchema): SchemaNode[] => {
  const collect = (node: SchemaNode): SchemaNode[] => [node, ...childrenOf(node).flatMap(collect)]
  return collect({ path, schema, property: false })
}

/** Whether an answer of this schema can have a field at a dotted path. */
export const hasField = (schema: JsonSchema, path: string): boolean => {
  const [first = '', ...rest] = path.split('.')
  const alternatives = [schema, ...((schema['anyOf'] ?? schema['oneOf'] ?? []) as JsonSchema[])]
  return alternatives.some((one) => {
    const properties = (one['properties'] ?? {}) as Record<string, JsonSchema>
    const child = properties[first]
    if (child === undefined) return false
    return rest.length === 0 || hasField(child, rest.join('.'))
  })
}

/** The schema of an array's rows at a field, or null where there is no such array. */
export const rowsOf = (schema: JsonSchema, field: string): JsonSchema | null => {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>
  const items = properties[field]?.['items']
  return isSchema(items) ? items : null
}

// One property of an op's input, a JSON Schema with our field meta, as a field of a command. A
// property that the command line cannot say is a fault of the contract and stops the generation.
import { kebabCase } from '@dispatch/contract/kebab-case'
import type { FieldMeta, JsonSchema } from '@dispatch/contract/manifest'
import type { Field, FieldKind } from './command.ts'

const isText = (schema: JsonSchema): boolean =>
  schema.type === 'string' ||
  (Array.isArray(schema.anyOf) && schema.anyOf.every((one) => isText(one as JsonSchema)))

const kindOf = (schema: JsonSchema & FieldMeta): FieldKind | null => {
  if (schema.json === true || isText(schema)) return 'text'
  if (schema.type === 'number' || schema.type === 'integer') return 'number'
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type === 'array' && isText(schema.items as JsonSchema)) return 'list'
  if (schema.type === 'object' && schema.pairs === true) return 'pairs'
  return null
}

const choicesOf = (schema: JsonSchema): string[] | undefined =>
  Array.isArray(schema.enum) ? schema.enum.map(String) : undefined

const switchesOf = (key: string, choices: string[] | undefined, switches: readonly string[]) => {
  const unknown = switches.find((value) => !choices?.includes(value))
  if (unknown !== undefined) throw new Error(`${key}: the switch ${unknown} is none of its values`)
  return [...switches]
}

// JSON Schema bounds that zod writes for every integer say nothing to a person.
const bound = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER
    ? value
    : undefined

const withoutAbsent = <T extends object>(fields: T): T =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== false),
  ) as T

const wordsOf = (description: unknown, { onTerminal }: FieldMeta): string => {
  const said = typeof description === 'string' ? description : ''
  return onTerminal === undefined ? said : `${said}; on a terminal ${onTerminal} when absent`
}

/** The field of one property. */
export const schemaToField = (key: string, schema: JsonSchema & FieldMeta): Field => {
  const kind = kindOf(schema)
  if (kind === null) throw new Error(`${key}: the command line has no form for this schema`)
  const items = (kind === 'list' ? schema.items : schema) as JsonSchema & FieldMeta
  const description = schema.description ?? items.description
  const minimum = bound(schema.minimum)
  const maximum = bound(schema.maximum)
  const maxLength = bound(schema.maxLength)
  const choices = choicesOf(items)
  return withoutAbsent({
    key,
    name: schema.flag ?? kebabCase(key),
    kind,
    description: wordsOf(description, schema),
    ...(schema.positional ? { positional: true as const } : {}),
    ...(schema.alias ? { short: schema.alias } : {}),
    ...(choices ? { choices } : {}),
    ...(schema.switches ? { switches: switchesOf(key, choices, schema.switches) } : {}),
    ...(schema.negatable ? { negatable: true as const } : {}),
    ...(schema.fileFlag ? { file: schema.fileFlag } : {}),
    ...(schema.path ? { path: true as const } : {}),
    ...(schema.onTerminal === undefined ? {} : { onTerminal: schema.onTerminal }),
    ...(schema.json ? { json: true as const } : {}),
    ...(schema.needs === undefined ? {} : { needs: kebabCase(schema.needs) }),
    ...(schema.selector || items.selector ? { selector: true as const } : {}),
    ...(schema.type === 'integer' ? { integer: true as const } : {}),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(maxLength === undefined ? {} : { maxLength }),
  })
}

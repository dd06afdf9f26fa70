// What a tool answers, as a plain object with no required field: hosts hold a refusal to the same schema,
// and it has nothing but `error`. Pure.
import { errorCodes } from '@dispatch/contract/errors'
import type { JsonSchema } from '@dispatch/contract/manifest'
import { joinSchemas } from './join-schemas.ts'
import { toPlainSchema } from './plain-schema.ts'
import type { ToolOp } from './tool-op.ts'

type Properties = Record<string, JsonSchema>

const errorSchema: JsonSchema = {
  description: 'Why it was not done, in place of the rest',
  type: 'object',
  properties: {
    code: { type: 'string', enum: Object.keys(errorCodes), description: 'The kind of error' },
    message: { type: 'string', description: 'What happened' },
    hint: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      description: 'The call, command or change that helps, or null',
    },
    retryable: { type: 'boolean', description: 'Whether the same call may succeed later' },
    details: {
      anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
      description: 'Structured context, or null',
    },
  },
  required: ['code', 'message', 'hint', 'retryable', 'details'],
}

// An answer of several forms has the fields of all; one that can be any object says so.
const propertiesOf = (output: JsonSchema): Properties => {
  if (Array.isArray(output.anyOf)) return joinAll((output.anyOf as JsonSchema[]).map(propertiesOf))
  return (output.properties ?? {}) as Properties
}

const joinAll = (all: readonly Properties[]): Properties => {
  const byName = Map.groupBy(all.flatMap(Object.entries<JsonSchema>), ([name]) => name)
  return Object.fromEntries(
    [...byName].map(([name, entries]) => {
      const texts = new Set(entries.map(([, { description }]) => description))
      return [
        name,
        {
          ...(texts.size === 1 ? { description: [...texts][0] } : {}),
          ...joinSchemas(entries.map(([, schema]) => schema)),
        },
      ]
    }),
  )
}

const outputOf = ({ op }: ToolOp): Properties => {
  const properties = propertiesOf(toPlainSchema(op.output, 'output'))
  return { ...properties, ...('error' in properties ? {} : { error: errorSchema }) }
}

/** The answer of a tool for one op. */
export const opToOutputSchema = (op: ToolOp): JsonSchema => ({
  type: 'object',
  properties: outputOf(op),
})

// The insides of the answers of a whole group are 100 kB, which every host would be given at its start.
const toOutline = (schema: JsonSchema): JsonSchema => {
  const { description, type, anyOf, items, enum: values } = schema
  return {
    ...(description === undefined ? {} : { description }),
    ...(type === undefined ? {} : { type }),
    ...(Array.isArray(values) ? { enum: values } : {}),
    ...(Array.isArray(anyOf) ? joinSchemas((anyOf as JsonSchema[]).map(toOutline)) : {}),
    ...(items === undefined ? {} : { items: toOutline(items as JsonSchema) }),
    ...(type === 'object' ? { additionalProperties: true } : {}),
  }
}

/** The answers of the ops of a group: their fields, without what is inside of these. */
export const groupToOutputSchema = (ops: readonly ToolOp[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(joinAll(ops.map(outputOf)))
      .filter(([name]) => name !== 'error')
      .map(([name, schema]) => [name, toOutline(schema)])
      .concat([['error', { anyOf: [errorSchema, { type: 'null' }] }]]),
  ),
})

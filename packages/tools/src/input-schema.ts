// The input of a tool, as a plain object: of one op, or of the ops of a group side by side, with `op` to
// choose one. What an op makes of its fields is checked where it is carried out. Pure.
import type { JsonSchema } from '@dispatch/contract/manifest'
import { joinSchemas } from './join-schemas.ts'
import { toPlainSchema } from './plain-schema.ts'
import { takesConfirm, type ToolOp } from './tool-op.ts'
import { inWordsOfTools } from './words.ts'

type Property = { name: string; op: ToolOp; schema: JsonSchema }

const confirmSchema: JsonSchema = {
  type: 'boolean',
  description:
    'true: do what destroys. Without it nothing is done, and the error names what it would be done to',
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The name in the tool of a group of an op's field: one that is called `op` gives way to the choice. */
export const groupedField = (op: ToolOp, field: string): string =>
  field === 'op' ? `${op.name}${capitalised(field)}` : field

const ownProperties = (op: ToolOp): [string, JsonSchema][] => {
  const { properties = {} } = toPlainSchema(op.op.input, 'input')
  const own = Object.entries(properties as Record<string, JsonSchema>).map(
    ([name, schema]): [string, JsonSchema] => [
      name,
      { ...schema, description: inWordsOfTools(schema.description as string, op.op) },
    ],
  )
  return takesConfirm(op.op) ? [...own, ['confirm', confirmSchema]] : own
}

/** The fields that an op must be given. */
export const requiredOf = ({ op }: ToolOp): string[] =>
  (op.input.required as string[] | undefined) ?? []

/** The input of a tool for one op. */
export const opToInputSchema = (op: ToolOp): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(ownProperties(op)),
  ...(requiredOf(op).length > 0 ? { required: requiredOf(op) } : {}),
  additionalProperties: false,
})

// Each description once, with the ops that it is true of, where it is not true of all.
const describe = (properties: readonly Property[], isOfAll: boolean): string => {
  const byText = Map.groupBy(properties, ({ schema }) => schema.description as string)
  return [...byText]
    .map(([text, of]) =>
      byText.size === 1 && isOfAll ? text : `[${of.map(({ op }) => op.name).join(', ')}] ${text}`,
    )
    .join('\n')
}

/** The input of the tool of a group. */
export const groupToInputSchema = (ops: readonly ToolOp[]): JsonSchema => {
  const properties = ops.flatMap((op) =>
    ownProperties(op).map(([name, schema]) => ({ name: groupedField(op, name), op, schema })),
  )
  const joined = [...Map.groupBy(properties, ({ name }) => name)].map(([name, of]) => [
    name,
    {
      description: describe(of, of.length === ops.length),
      ...joinSchemas(of.map(({ schema }) => schema)),
    },
  ])
  return {
    type: 'object',
    properties: {
      op: { type: 'string', enum: ops.map(({ name }) => name), description: 'What to do' },
      ...(Object.fromEntries(joined) as Record<string, JsonSchema>),
    },
    required: ['op'],
    additionalProperties: false,
  }
}

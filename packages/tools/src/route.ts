// From the arguments of a tool's call to an op and its input: the op that is chosen, its own field names,
// absolute paths, and whether the call is confirmed. What a field may hold the op itself checks. Pure.
import { resolve } from 'node:path'
import { DispatchError } from '@dispatch/contract/errors'
import type { FieldMeta, JsonSchema, ManifestOp } from '@dispatch/contract/manifest'
import { groupedField } from './input-schema.ts'
import type { ToolEntry } from './tool.ts'
import { takesConfirm, type ToolOp } from './tool-op.ts'

/** An op with its input, and what the host calls both. */
export type Routed = {
  op: ManifestOp
  input: Record<string, unknown>
  confirmed: boolean
  /** The op as the host chose it. */
  what: string
  /** The name that a field of the input has in the tool. */
  nameOf: (key: string) => string
}

type Arguments = Record<string, unknown>

const refuse = (message: string, details: Record<string, unknown>): never => {
  throw new DispatchError('validation', message, { details })
}

const chosenOp = ({ ops, tool, isGrouped }: ToolEntry, { op }: Arguments): ToolOp => {
  const names = ops.map(({ name }) => name)
  const chosen = isGrouped ? ops.find(({ name }) => name === op) : ops[0]
  const said = op === undefined ? 'op is missing' : `op is no ${JSON.stringify(op)}`
  return (
    chosen ?? refuse(`${tool.name}: ${said}; it is one of ${names.join(', ')}.`, { ops: names })
  )
}

const toPath = (field: string, value: unknown, cwd: string): unknown => {
  if (Array.isArray(value)) return value.map((one) => toPath(field, one, cwd))
  if (value === '') return refuse(`${field} is empty: name a path.`, { field })
  return typeof value === 'string' ? resolve(cwd, value) : value
}

const propertiesOf = ({ input }: ManifestOp) =>
  (input.properties ?? {}) as Record<string, JsonSchema & FieldMeta>

const checkNames = (fields: readonly string[], takes: readonly string[], what: string): void => {
  const unknown = fields.find((field) => !takes.includes(field))
  if (unknown === undefined) return
  const known = takes.length === 0 ? 'It takes nothing' : `It takes ${takes.join(', ')}`
  refuse(`${what} does not take ${unknown}. ${known}.`, { field: unknown, takes })
}

/** Throws `validation`. A field that is null is one that is not given: some hosts send every field. */
export const routeCall = (entry: ToolEntry, given: Arguments, cwd: string): Routed => {
  const chosen = chosenOp(entry, given)
  const { op } = chosen
  const properties = propertiesOf(op)
  const nameOf = (key: string): string => (entry.isGrouped ? groupedField(chosen, key) : key)
  const keyOf = new Map(Object.keys(properties).map((key) => [nameOf(key), key]))
  const own = new Set([
    ...(entry.isGrouped ? ['op'] : []),
    ...(takesConfirm(op) ? ['confirm'] : []),
  ])
  const fields = Object.entries(given).filter(([name, value]) => value !== null && !own.has(name))
  const what = entry.isGrouped ? `op ${chosen.name}` : entry.tool.name
  checkNames(
    fields.map(([name]) => name),
    [...keyOf.keys()],
    what,
  )
  const input = fields.map(([name, value]) => {
    const key = keyOf.get(name) ?? name
    return [key, properties[key]?.path ? toPath(name, value, cwd) : value]
  })
  const confirmed = given.confirm === true
  return { op, input: Object.fromEntries(input) as Arguments, confirmed, what, nameOf }
}

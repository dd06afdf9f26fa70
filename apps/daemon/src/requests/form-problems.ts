// Checks an answer against the form of an MCP server: the flat subset of JSON Schema that its protocol
// has. What a schema says beyond that is left to the server. Pure.

type Schema = Record<string, unknown>

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null

/** The values that a choice leaves; null: any. */
const choicesOf = (schema: Schema): unknown[] | null => {
  if (Array.isArray(schema['enum'])) return schema['enum']
  const options = [...list(schema['oneOf']), ...list(schema['anyOf'])].filter(isRecord)
  return options.length > 0 && options.every((option) => 'const' in option)
    ? options.map((option) => option['const'])
    : null
}

const outOfBounds = (
  size: number,
  [least, most]: [number | null, number | null],
  unit: string,
): string | null => {
  if (least !== null && size < least) return `must be at least ${least}${unit}`
  return most !== null && size > most ? `must be at most ${most}${unit}` : null
}

const bounds = (schema: Schema, least: string, most: string): [number | null, number | null] => [
  numberOf(schema[least]),
  numberOf(schema[most]),
]

const checks: Record<string, (schema: Schema, value: unknown) => string | null> = {
  string: (schema, value) =>
    typeof value === 'string'
      ? outOfBounds(
          Array.from(value).length,
          bounds(schema, 'minLength', 'maxLength'),
          ' characters',
        )
      : 'must be text',
  boolean: (_, value) => (typeof value === 'boolean' ? null : 'must be true or false'),
  number: (schema, value) =>
    typeof value === 'number' && Number.isFinite(value)
      ? outOfBounds(value, bounds(schema, 'minimum', 'maximum'), '')
      : 'must be a number',
  integer: (schema, value) =>
    Number.isInteger(value)
      ? outOfBounds(Number(value), bounds(schema, 'minimum', 'maximum'), '')
      : 'must be a whole number',
  array: (schema, value) => {
    if (!Array.isArray(value)) return 'must be a list'
    const items = isRecord(schema['items']) ? schema['items'] : {}
    const bad = value.map((one) => valueProblem(items, one)).find((problem) => problem !== null)
    if (bad !== undefined) return `every entry ${bad}`
    return outOfBounds(value.length, bounds(schema, 'minItems', 'maxItems'), ' entries')
  },
}

const valueProblem = (schema: Schema, value: unknown): string | null => {
  const type = typeof schema['type'] === 'string' ? schema['type'] : ''
  const problem = Object.hasOwn(checks, type) ? (checks[type]?.(schema, value) ?? null) : null
  if (problem !== null) return problem
  const choices = choicesOf(schema)
  if (choices === null || choices.includes(value)) return null
  return `must be one of ${choices.map((one) => JSON.stringify(one)).join(', ')}`
}

/** What is wrong with an answer, a sentence each; empty where nothing is. */
export const formToProblems = (form: Schema, answer: Schema): string[] => {
  const properties = isRecord(form['properties']) ? form['properties'] : {}
  const missing = list(form['required'])
    .filter((name): name is string => typeof name === 'string' && !Object.hasOwn(answer, name))
    .map((name) => `${name} is missing`)
  const wrong = Object.entries(answer).flatMap(([name, value]) => {
    if (!Object.hasOwn(properties, name)) return [`${name} was not asked for`]
    const property = properties[name]
    const problem = isRecord(property) ? valueProblem(property, value) : null
    return problem === null ? [] : [`${name} ${problem}`]
  })
  return [...missing, ...wrong]
}

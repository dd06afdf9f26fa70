// The fields of an answer as a nested list of Markdown. Shapes with a section of their own, and the
// identity of a lane, are named and not repeated.
import { fieldsOf, type Schema, type SchemaField, typeName, variantsOf } from './schema.ts'
import { keyOf, objectOf, type Shape } from './shapes.ts'

/** What need not be repeated. */
export type Known = { shapes: ReadonlyMap<string, Shape>; identity: Schema }

/** The anchor of a heading, as renderers of Markdown make it. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

const link = (title: string): string => `[${title}](#${anchorOf(title)})`

const identityLine = '- all of the [identity of a lane](#identity-of-a-lane)'

const listField = ({ name, schema }: SchemaField, known: Known, indent: string): string[] => {
  const inner = objectOf(schema)
  const shape = known.shapes.get(keyOf(inner))
  const description = typeof schema.description === 'string' ? `: ${schema.description}` : ''
  const see = shape ? `; see ${link(shape.title)}` : ''
  const head = `${indent}- \`${name}\` (${typeName(schema)})${description}${see}`
  return [head, ...(shape ? [] : listFields(inner, known, `${indent}  `))]
}

/** The fields of an object, a line each. */
export const listFields = (schema: Schema, known: Known, indent = ''): string[] => {
  const variants = variantsOf(schema)
  if (variants.length > 0) {
    return variants.flatMap((variant, index) => [
      `${indent}- form ${index + 1}`,
      ...listFields(variant, known, `${indent}  `),
    ])
  }
  const fields = fieldsOf(schema)
  const names = new Set(fields.map(({ name }) => name))
  const identity = new Set(fieldsOf(known.identity).map(({ name }) => name))
  const hasIdentity = identity.size > 0 && [...identity].every((name) => names.has(name))
  return [
    ...(hasIdentity ? [indent + identityLine] : []),
    ...fields
      .filter(({ name }) => !hasIdentity || !identity.has(name))
      .flatMap((field) => listField(field, known, indent)),
  ]
}

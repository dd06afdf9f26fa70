// Objects that several answers carry: they are described once, in a section of their own. Each is
// named by its place in the manifest and recognised elsewhere by what it is made of.
import type { Manifest } from '@dispatch/contract'
import { fieldsOf, itemOf, type Schema, withoutNull } from './schema.ts'

/** A shape with a section of its own. */
export type Shape = { title: string; schema: Schema }

const places: readonly { title: string; op: string; field: string }[] = [
  { title: 'Turn', op: 'send', field: 'turn' },
  { title: 'Delivery', op: 'send', field: 'delivery' },
  { title: 'Token usage', op: 'send', field: 'usage' },
  { title: 'Effective settings', op: 'new', field: 'effective' },
  { title: 'Transcript item', op: 'tail', field: 'items' },
  { title: 'Error', op: 'wait', field: 'error' },
]

/** The object behind a field: of a list its item, without null. */
export const objectOf = (given: Schema): Schema => {
  const { schema } = withoutNull(given)
  const items = itemOf(schema)
  return items ? withoutNull(items).schema : schema
}

/** The names of an object's fields: what tells one shape from another. */
export const keyOf = (schema: Schema): string =>
  fieldsOf(schema)
    .map(({ name }) => name)
    .join()

/** The shapes of a manifest, by what they are made of. */
export const findShapes = (manifest: Manifest): Map<string, Shape> =>
  new Map(
    places.map(({ title, op, field }) => {
      const output = manifest.ops.find(({ path }) => path === op)?.output ?? {}
      const found = fieldsOf(output).find(({ name }) => name === field)
      if (!found) throw new Error(`${op} has no field ${field}: name another place of ${title}`)
      const schema = objectOf(found.schema)
      return [keyOf(schema), { title, schema }]
    }),
  )

/** The fields that identify a lane: what `rename`, `archive` and `restore` answer, but for the notes. */
export const identityOf = (manifest: Manifest): Schema => {
  const output: Schema = manifest.ops.find(({ path }) => path === 'rename')?.output ?? {}
  const { notes: _notes, ...properties } = (output.properties ?? {}) as Record<string, Schema>
  return { ...output, properties }
}

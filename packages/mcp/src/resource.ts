// What can be read by address: the ops that the contract calls resources, their addresses as templates, and
// the input that an address means. Pure.
import type { Manifest, ManifestOp } from '@dispatch/contract/manifest'

/** A resource, or a kind of them where the address has a field in it. */
export type ResourceKind = {
  op: ManifestOp
  title: string
  /** The address; `{field}` is a field of the input. */
  template: string
  fields: string[]
  changes: readonly string[]
}

/** A resource that was asked for by its address. */
export type Found = { kind: ResourceKind; input: Record<string, string> }

/** What every resource is. */
export const MIME_TYPE = 'application/json'

const FIELD = /\{(\w+)\}/g

/** The resources of a manifest, in its order. */
export const resourcesOf = (manifest: Manifest): ResourceKind[] =>
  manifest.ops.flatMap((op) => {
    const { resource } = op.meta.mcp ?? {}
    if (!resource) return []
    const { title, uris, changes } = resource
    return uris.map((template) => ({
      op,
      title,
      template,
      fields: [...template.matchAll(FIELD)].map(([, field = '']) => field),
      changes,
    }))
  })

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const inputOf = ({ template, fields }: ResourceKind, uri: string): Found['input'] | null => {
  const match = new RegExp(`^${template.replaceAll(FIELD, '([^/?#]+)')}$`).exec(uri)
  if (!match) return null
  const values = match.slice(1).map(decoded)
  return Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '']))
}

/** The resource at an address; null where there is none. */
export const findResource = (kinds: readonly ResourceKind[], uri: string): Found | null => {
  for (const kind of kinds) {
    const input = inputOf(kind, uri)
    if (input !== null && Object.values(input).every((value) => value !== ''))
      return { kind, input }
  }
  return null
}

/** The address of a resource of a kind. */
export const toUri = ({ template }: ResourceKind, values: Record<string, string>): string =>
  template.replaceAll(FIELD, (_, field: string) => encodeURIComponent(values[field] ?? ''))

/** Whether an event of that type, or an op of that path, may change a resource of the kind; a gap may have hidden anything. */
export const isChangedBy = ({ changes }: ResourceKind, typeOrOp: string): boolean =>
  typeOrOp === 'gap' || changes.some((beginning) => typeOrOp.startsWith(beginning))

// schema: the JSON Schemas of a command, or of all, from the manifest.
import type { SchemaInput, SchemaResult } from '@dispatch/contract'
import { DispatchError, errorCodes } from '@dispatch/contract/errors'
import type { Manifest, ManifestOp } from '@dispatch/contract/manifest'
import { kebabCase } from '../commands/field-of-schema.ts'
import type { Tables } from '../tables.ts'

type CommandSchema = Extract<SchemaResult, { op: string; kind: string }>

const wordsOf = (path: string): string => path.split('.').map(kebabCase).join(' ')

const spelling = ({ path, meta }: ManifestOp): string => {
  if (meta.follows !== undefined) return `${wordsOf(meta.follows)} --follow`
  const { variantOf } = meta
  return variantOf ? `${wordsOf(variantOf.op)} --${variantOf.flag}` : wordsOf(path)
}

const opToSchema = (op: ManifestOp): CommandSchema => ({
  command: spelling(op),
  op: op.path,
  kind: op.kind,
  description: op.meta.description,
  input: op.input,
  output: op.output,
})

const shownOps = (manifest: Manifest): ManifestOp[] => manifest.ops.filter((op) => !op.meta.hidden)

const everything = (manifest: Manifest, version: string): SchemaResult => ({
  version,
  wire: manifest.wire,
  contract: manifest.hash,
  errors: Object.entries(errorCodes).map(([code, row]) => ({ code, ...row })),
  commands: shownOps(manifest).map(opToSchema),
})

/** The schemas that were asked for: of the command (typed as it is, or its op's path), or of all. */
export const readSchema = (input: SchemaInput, tables: Tables): SchemaResult => {
  const manifest = tables.manifest()
  const words = (input.command ?? []).flatMap((word) => word.split(/\s+/)).filter(Boolean)
  const asked = [words.length > 0, input.all === true, input.config === true].filter(Boolean)
  if (asked.length !== 1) {
    throw new DispatchError('usage', 'Name a command, or give --all or --config: one of them.', {
      hint: 'dispatch schema --help',
    })
  }
  if (input.config) return tables.config()
  if (input.all) return everything(manifest, tables.version)
  const typed = words.join(' ')
  const op = shownOps(manifest).find((one) => spelling(one) === typed || one.path === typed)
  if (op) return opToSchema(op)
  throw new DispatchError('not_found', `There is no command ${JSON.stringify(typed)}.`, {
    hint: 'dispatch --help',
    details: { commands: shownOps(manifest).map(spelling) },
  })
}

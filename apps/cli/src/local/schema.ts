// schema: the JSON Schemas of a command, of all, or of the tools of MCP, from the manifest.
import type { SchemaInput, SchemaResult } from '@dispatch/contract'
import { DispatchError, errorCodes } from '@dispatch/contract/errors'
import { kebabCase } from '@dispatch/contract/kebab-case'
import type { Manifest, ManifestOp } from '@dispatch/contract/manifest'
import { manifestToTools, type Tool, type ToolMode } from '@dispatch/mcp/derived'
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

const toolsOf = (manifest: Manifest, mode: ToolMode): Tool[] =>
  manifestToTools(manifest, mode).map(({ tool }) => tool)

const findTool = (manifest: Manifest, name: string): Tool | undefined =>
  (['grouped', 'each'] as const)
    .flatMap((mode) => toolsOf(manifest, mode))
    .find((tool) => tool.name === name)

/** The schemas that were asked for: of the command (typed as it is, or its op's path), or of all. */
export const readSchema = (input: SchemaInput, tables: Tables): SchemaResult => {
  const manifest = tables.manifest()
  const words = (input.command ?? []).flatMap((word) => word.split(/\s+/)).filter(Boolean)
  const asked = [words.length > 0, input.all, input.config, input.tools].filter(Boolean)
  if (asked.length !== 1) {
    throw new DispatchError(
      'usage',
      'Name a command, or give --all, --config or --tools: one of them.',
      {
        hint: 'dispatch schema --help',
      },
    )
  }
  if (input.config) return tables.config()
  if (input.all) return everything(manifest, tables.version)
  const { version } = tables
  if (input.tools) return { version, tools: toolsOf(manifest, input.tools) }
  const typed = words.join(' ')
  const op = shownOps(manifest).find((one) => spelling(one) === typed || one.path === typed)
  if (op) return opToSchema(op)
  const tool = findTool(manifest, typed)
  if (tool) return { version, tools: [tool] }
  throw new DispatchError('not_found', `There is no command ${JSON.stringify(typed)}.`, {
    hint: 'dispatch --help',
    details: { commands: shownOps(manifest).map(spelling) },
  })
}

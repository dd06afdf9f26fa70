// The tools that agents in lanes are offered: those of the ops whose meta says so, with the fields that it
// names and no others. Derived as the tools of MCP are; nothing here names an op. Pure.
import type { LaneToolMeta, ManifestOp } from '@dispatch/contract/manifest'
import { manifestToTools, type ToolEntry } from './tool.ts'

/** A tool of an agent, with the op behind it. */
export type LaneTool = { entry: ToolEntry; op: ManifestOp; meta: LaneToolMeta }

/** A tool as Codex is told of it. */
export type ToolSpec = {
  type: 'function'
  name: string
  description: string
  inputSchema: Record<string, unknown>
}

/** The tools, by the names that a model calls them by. */
export type Offer = {
  byName(name: string): LaneTool | null
  /** Those of these ops, in the order of the contract. */
  of(ops: readonly string[]): LaneTool[]
  /** The same as Codex is told of them. */
  specsOf(ops: readonly string[]): ToolSpec[]
  /** Ops that every lane gets where nothing else is configured. */
  usual: readonly string[]
}

const requiredOf = (op: ManifestOp, { fields, bound }: LaneToolMeta): string[] => {
  const required = (op.input.required ?? []) as string[]
  // An op that can do without a lane means all of them then.
  const needed = bound === 'own' ? [...new Set([...required, 'lane'])] : required
  return needed.filter((field) => fields.includes(field))
}

const withFields = (op: ManifestOp, meta: LaneToolMeta): ManifestOp => ({
  ...op,
  meta: {
    ...op.meta,
    description: [op.meta.description, ...(meta.note ? [meta.note] : [])].join(' '),
  },
  input: {
    ...op.input,
    required: requiredOf(op, meta),
    properties: Object.fromEntries(
      Object.entries(op.input.properties ?? {}).filter(([field]) => meta.fields.includes(field)),
    ),
  },
})

const toTool = (op: ManifestOp): LaneTool[] => {
  const meta = op.meta.laneTool
  if (!meta) return []
  const own = withFields(op, meta)
  return manifestToTools({ ops: [own] }, 'each').map((entry) => ({ entry, op: own, meta }))
}

const toSpec = ({ entry: { tool } }: LaneTool): ToolSpec => ({
  type: 'function',
  name: tool.name,
  description: tool.description,
  inputSchema: tool.inputSchema,
})

/** The tools of these ops. */
export const opsToOffer = (ops: readonly ManifestOp[]): Offer => {
  const tools = ops.flatMap(toTool)
  const byName = new Map(tools.map((tool) => [tool.entry.tool.name, tool]))
  const of = (paths: readonly string[]): LaneTool[] =>
    tools.filter(({ op }) => paths.includes(op.path))
  return {
    byName: (name) => byName.get(name) ?? null,
    of,
    specsOf: (paths) => of(paths).map(toSpec),
    usual: tools.filter(({ meta }) => meta.usual).map(({ op }) => op.path),
  }
}

// The tools of MCP, derived from the manifest and from nothing else: one for each group and intent, or one
// for each op. Pure.
import type { JsonSchema, Manifest, ManifestOp } from '@dispatch/contract/manifest'
import { groupToInputSchema, opToInputSchema, requiredOf } from './input-schema.ts'
import { groupToOutputSchema, opToOutputSchema } from './output-schema.ts'
import { type ToolOp, toolOpsOf } from './tool-op.ts'
import { inWordsOfTools, snakeCase } from './words.ts'

/** How ops are made tools: `grouped` by what they are about and what they do, or `each` on its own. */
export type ToolMode = 'grouped' | 'each'

/** A tool as hosts are told of it. */
export type Tool = {
  name: string
  title: string
  description: string
  inputSchema: JsonSchema
  outputSchema: JsonSchema
  annotations: {
    title: string
    readOnlyHint: boolean
    destructiveHint: boolean
    openWorldHint: boolean
  }
}

/** A tool with the ops behind it. */
export type ToolEntry = { tool: Tool; ops: ToolOp[]; isGrouped: boolean }

type Intent = ManifestOp['meta']['intent']

const annotationsOf = (title: string, intent: Intent): Tool['annotations'] => ({
  title,
  readOnlyHint: intent === 'read',
  destructiveHint: intent === 'destroy',
  // What an agent is told to do may reach anything; reading stays on this machine.
  openWorldHint: intent !== 'read',
})

const wordsOf = (name: string): string => name.replaceAll('_', ' ')

const opToEntry = (op: ToolOp): ToolEntry => {
  const name = snakeCase(op.op.path)
  const title = `dispatch: ${wordsOf(name)}`
  return {
    ops: [op],
    isGrouped: false,
    tool: {
      name: `dispatch_${name}`,
      title,
      description: inWordsOfTools(op.op.meta.description, op.op),
      inputSchema: opToInputSchema(op),
      outputSchema: opToOutputSchema(op),
      annotations: annotationsOf(title, op.op.meta.intent),
    },
  }
}

const doing: Record<Intent, string> = {
  read: 'Reads, and changes nothing',
  write: 'Changes things, and destroys nothing',
  destroy: 'Destroys: needs confirm: true',
}

const opLine = (op: ToolOp): string => {
  const required = requiredOf(op)
  const given = required.length > 0 ? ` (${required.join(', ')})` : ''
  return `- ${op.name}${given}: ${inWordsOfTools(op.op.meta.description, op.op)}`
}

const groupToEntry = (ops: ToolOp[]): ToolEntry => {
  const group = ops[0]?.group ?? ''
  const intent = ops[0]?.op.meta.intent ?? 'read'
  const title = `dispatch: ${wordsOf(group)}, ${intent}`
  const head = `dispatch runs Codex threads ("lanes") side by side. ${doing[intent]}. Choose with op; in brackets what it needs:`
  return {
    ops,
    isGrouped: true,
    tool: {
      name: `dispatch_${group}_${intent}`,
      title,
      description: [head, ...ops.map(opLine)].join('\n'),
      inputSchema: groupToInputSchema(ops),
      outputSchema: groupToOutputSchema(ops),
      annotations: annotationsOf(title, intent),
    },
  }
}

const intents: readonly Intent[] = ['read', 'write', 'destroy']

const groupEntries = (ops: readonly ToolOp[]): ToolEntry[] =>
  [...Map.groupBy(ops, ({ group }) => group).values()].flatMap((group) =>
    intents
      .map((intent) => group.filter(({ op }) => op.meta.intent === intent))
      .filter((part) => part.length > 0)
      .map(groupToEntry),
  )

// Field names that a tool has of its own would hide a field of an op.
const check = (entries: ToolEntry[]): ToolEntry[] => {
  const names = entries.map(({ tool }) => tool.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`two tools are called ${twice}`)
  for (const { ops, tool } of entries) {
    const words = new Set(ops.map(({ name }) => name))
    if (words.size !== ops.length) throw new Error(`${tool.name}: two ops have one name`)
    const hidden = ops.find(({ op }) => Object.hasOwn(op.input.properties ?? {}, 'confirm'))
    if (hidden) throw new Error(`${hidden.op.path}: the name confirm is taken`)
  }
  return entries
}

/** The tools of a manifest. */
export const manifestToTools = (manifest: Pick<Manifest, 'ops'>, mode: ToolMode): ToolEntry[] => {
  const ops = toolOpsOf(manifest)
  return check(mode === 'each' ? ops.map(opToEntry) : groupEntries(ops))
}

// The ops that are tools, with the names that they have as such. Follows from the manifest: an op that is
// added to the contract is a tool of the group of its path, unless it says otherwise.
import type { Manifest, ManifestOp } from '@dispatch/contract/manifest'
import { snakeCase } from './words.ts'

/** An op as a tool, or as a part of one. */
export type ToolOp = {
  /** Its word in `op` of the tool of its group. */
  name: string
  group: string
  op: ManifestOp
}

const isTool = ({ kind, meta }: ManifestOp): boolean =>
  kind !== 'subscription' && !meta.hidden && (meta.mcp?.tool ?? meta.runs !== 'local')

const groupOf = ({ path, meta }: ManifestOp): string =>
  meta.mcp?.group ?? (path.includes('.') ? (path.split('.')[0] ?? '') : 'thread')

const toToolOp = (op: ManifestOp): ToolOp => {
  const group = groupOf(op)
  const own = op.path.startsWith(`${group}.`) ? op.path.slice(group.length + 1) : op.path
  return { name: snakeCase(own), group: snakeCase(group), op }
}

/** The ops of a manifest that are tools, in its order. */
export const toolOpsOf = (manifest: Pick<Manifest, 'ops'>): ToolOp[] =>
  manifest.ops.filter(isTool).map(toToolOp)

/** Whether a call may need `confirm`: the op destroys, or goes over a refusal with `force`. */
export const takesConfirm = ({ input, meta }: ManifestOp): boolean =>
  meta.intent === 'destroy' ||
  (meta.intent === 'write' && Object.hasOwn(input.properties ?? {}, 'force'))

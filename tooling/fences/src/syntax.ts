// The little of ESTree and of the linter's plugin interface that our rules look at. oxlint's own types
// for plugins are a package of their own, which the registry does not have in this version.

type Named = { type: string; name?: string; value?: unknown }

/** A node as a rule sees it: the fields that our rules read, where the kind of node has them. */
export type Node = {
  type: string
  source?: Named | null
  specifiers?: {
    type: string
    importKind?: 'type' | 'value'
    imported?: Named
    local: Named
  }[]
  importKind?: 'type' | 'value'
  exportKind?: 'type' | 'value'
  object?: Named
  property?: Named
  callee?: Named
  arguments?: unknown[]
}

/** What a rule gets of the file that it looks at. */
export type RuleContext = {
  /** Absolute. */
  filename: string
  report(finding: { node: Node; message: string }): void
}

/** A rule: what to do at which kind of node. */
export type Rule = { create(context: RuleContext): Record<string, (node: Node) => void> }

// The rules that oxlint has no options for: the daemon's rooms, its two vocabularies and the clock.
// Each looks at one file at a time.
import { dirname, resolve } from 'node:path'
import { isDaemonFile, mayTranslate, roomViolation } from './rooms.ts'
import type { Node, Rule } from './syntax.ts'
import { vocabularyOf } from './vocabulary.ts'

const valuesOf = ({ type, importKind, exportKind, specifiers }: Node): string[] | null => {
  if (importKind === 'type' || exportKind === 'type') return []
  // `import './x.ts'`, `export *` and `import()` take everything.
  if (!specifiers?.length || type !== 'ImportDeclaration') return null
  return specifiers
    .filter((specifier) => specifier.importKind !== 'type')
    .map(({ imported }) => imported?.name ?? '*')
}

const rooms: Rule = {
  create({ filename, report }) {
    const check = (node: Node) => {
      const source = node.source?.value
      if (typeof source !== 'string' || !source.startsWith('.')) return
      const target = resolve(dirname(filename), source)
      const message = roomViolation({ file: filename, target, values: valuesOf(node) })
      if (message !== null) report({ node, message })
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    }
  },
}

const vocabularies: Rule = {
  create({ filename, report }) {
    if (!isDaemonFile(filename) || mayTranslate(filename)) return {}
    const spoken = new Set<string>()
    return {
      ImportDeclaration(node) {
        for (const { imported, local } of node.specifiers ?? []) {
          const name = imported?.name ?? local.name ?? ''
          const vocabulary = vocabularyOf(String(node.source?.value), name)
          if (vocabulary === null || spoken.has(vocabulary)) continue
          spoken.add(vocabulary)
          if (spoken.size < 2) continue
          const message = "Only codex/translate*.ts speaks Codex's vocabulary and the contract's."
          report({ node, message })
        }
      },
    }
  },
}

const clock: Rule = {
  create({ report }) {
    const message = 'Only clock.ts reads the time: take a clock.'
    return {
      MemberExpression(node) {
        if (node.object?.name === 'Date' && node.property?.name === 'now') report({ node, message })
      },
      NewExpression(node) {
        if (node.callee?.name === 'Date' && node.arguments?.length === 0) report({ node, message })
      },
    }
  },
}

// oxlint loads a plugin by its default export.
export default {
  meta: { name: 'fences' },
  rules: { rooms, vocabularies, clock },
}

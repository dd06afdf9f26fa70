// Takes Node's own modules without ESM. An `import` of one reads every getter that it has, and those of
// node:fs load streams that most commands never use: 3 ms of CPU where `node -e 0` takes 24.
import type { Plugin } from 'rolldown'

const STATIC_IMPORT = /^import\s*\{([^}]*)\}\s*from\s*["'](node:[\w/]+)["'];?$/gm

const toBindings = (names: string): string => names.replace(/\s+as\s+/g, ': ').trim()

/** For programs only: a library must leave its imports to who bundles it. */
export const builtinsAtOnce: Plugin = {
  name: 'builtins-at-once',
  renderChunk: (code) =>
    code.replace(
      STATIC_IMPORT,
      (_, names: string, module: string) =>
        `const { ${toBindings(names)} } = process.getBuiltinModule("${module}");`,
    ),
}

// Takes Node's own modules without ESM, some of them only when they are used. An `import` of one reads every getter that it has, and those of
// node:fs load streams that most commands never use: 3 ms of CPU where `node -e 0` takes 24.
import type { Plugin } from 'rolldown'

const STATIC_IMPORT = /^import\s*\{([^}]*)\}\s*from\s*["'](node:[\w/]+)["'];?$/gm

const toBindings = (names: string): string => names.replace(/\s+as\s+/g, ': ').trim()

const toLateFunction = (name: string, module: string): string => {
  const [theirs, ours = theirs] = name.trim().split(/\s+as\s+/)
  return `const ${ours} = (...args) => process.getBuiltinModule("${module}").${theirs}(...args);`
}

const toLateFunctions = (names: string, module: string): string =>
  names
    .split(',')
    .filter((name) => name.trim() !== '')
    .map((name) => toLateFunction(name, module))
    .join(' ')

/**
 * For programs only: a library must leave its imports to who bundles it. What is imported of a `late`
 * module must be functions that are called and nothing else.
 */
export const makeBuiltinsAtOnce = (late: readonly string[]): Plugin => ({
  name: 'builtins-at-once',
  renderChunk: (code) =>
    code.replace(STATIC_IMPORT, (_, names: string, module: string) =>
      late.includes(module)
        ? toLateFunctions(names, module)
        : `const { ${toBindings(names)} } = process.getBuiltinModule("${module}");`,
    ),
})

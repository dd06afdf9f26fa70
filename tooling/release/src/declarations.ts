// The types of the typed client: the compiler's own declaration tree of client and contract, with the
// contract's name resolved to its place in the package.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { typesFolder, workspace } from './layout.ts'
import { runProgram } from './spawn.ts'

const contractFolder = 'packages/contract'

type Exports = Record<string, string>

const contractExports = async (): Promise<Exports> => {
  const text = await readFile(join(workspace, contractFolder, 'package.json'), 'utf8')
  return (JSON.parse(text) as { exports: Exports }).exports
}

type Declaration = { file: string; types: string; exports: Exports }

const resolveContract = (text: string, { file, types, exports }: Declaration): string =>
  text.replaceAll(/(['"])@dispatch\/contract(\/[a-z-]+)?\1/g, (_all, quote: string, path = '') => {
    const target = exports[`.${path}`]
    if (target === undefined) throw new Error(`@dispatch/contract does not export ${path}`)
    const absolute = join(types, contractFolder, target.replace(/\.ts$/, '.js'))
    const specifier = relative(dirname(file), absolute)
    return `${quote}${specifier.startsWith('.') ? specifier : `./${specifier}`}${quote}`
  })

// The compiler leaves the extension of the sources in declarations.
const withoutSources = (text: string): string =>
  text.replaceAll(/(['"])(\.{1,2}\/[^'"]+)\.ts\1/g, '$1$2.js$1')

/** Writes the declarations into the package at `target`. */
export const writeDeclarations = async (target: string): Promise<void> => {
  const types = join(target, typesFolder)
  const project = join(import.meta.dirname, '../tsconfig.types.json')
  await runProgram(join(workspace, 'node_modules/.bin/tsc'), [
    '--project',
    project,
    '--outDir',
    types,
  ])
  const exports = await contractExports()
  for (const folder of ['packages/client', contractFolder]) {
    const root = join(types, folder)
    for (const name of await readdir(root, { recursive: true })) {
      if (!name.endsWith('.d.ts')) continue
      const file = join(root, name)
      const text = await readFile(file, 'utf8')
      await writeFile(file, withoutSources(resolveContract(text, { file, types, exports })))
    }
  }
}

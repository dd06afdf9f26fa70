// Makes the bundles: minified, split where the sources load late, names of classes kept because trpc-cli
// looks at them. Those of functions are not: the start would be a tenth longer, and would load a file of
// what keeps them, 3 ms of CPU where `node -e 0` takes 22.
import { join } from 'node:path'
import { build, type CodeSplittingNameFunction, RUNTIME_MODULE_ID } from 'rolldown'
import { makeBuiltinsAtOnce } from './builtins.ts'
import { knownFacts } from './known-facts.ts'
import { type Bundle, bins, bundleFolder, workspace } from './layout.ts'
import { nativeSpread } from './native-spread.ts'
import { workerPlace } from './worker-place.ts'

const emptyModule = join(import.meta.dirname, 'empty.ts')

const isExternal =
  (names: readonly string[]) =>
  (id: string): boolean =>
    names.some((name) => id === name || id.startsWith(`${name}/`))

// Everything that the entry loads at once, in one chunk. Left alone, what a late chunk shares with the
// start becomes chunks of its own: nine files for `--help` instead of three, 39 ms instead of 35 where
// `node -e 0` takes 26.
const startOf = (entry: string): CodeSplittingNameFunction => {
  let start: Set<string> | undefined
  return (module, context) => {
    if (start === undefined) {
      start = new Set([RUNTIME_MODULE_ID, entry])
      for (const id of start)
        for (const next of context.getModuleInfo(id)?.importedIds ?? []) start.add(next)
    }
    return start.has(module) ? 'start' : null
  }
}

// React has everything twice, for who works on it and for who uses it: 784 kB of Ink and React become 450.
const released = { 'process.env.NODE_ENV': '"production"' }

/** Writes one bundle into the package at `target`; gives the modules that are in it. */
export const writeBundle = async (target: string, bundle: Bundle): Promise<string[]> => {
  const { name, source, beside, external, empty, late } = bundle
  const { output } = await build({
    cwd: workspace,
    input: { [name]: source, ...beside },
    platform: 'node',
    external: isExternal(external),
    resolve: { alias: Object.fromEntries(empty.map((library) => [library, emptyModule])) },
    transform: { define: released },
    logLevel: 'warn',
    plugins: [
      knownFacts,
      ...(bins.some((bin) => bin.bundle === name)
        ? [makeBuiltinsAtOnce(late), nativeSpread, workerPlace]
        : []),
    ],
    output: {
      dir: join(target, bundleFolder),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: `${name}-[name]-[hash].js`,
      codeSplitting: { groups: [{ name: startOf(join(workspace, source)), debugName: 'start' }] },
      minify: {
        compress: true,
        mangle: { keepNames: { function: false, class: true } },
        codegen: { removeWhitespace: true },
      },
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  })
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
}

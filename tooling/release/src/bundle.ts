// Makes the bundles: minified, split where the sources load late, names kept because trpc-cli looks at
// the names of classes.
import { join } from 'node:path'
import { build } from 'rolldown'
import { type Bundle, packageFolder, workspace } from './layout.ts'

const emptyModule = join(import.meta.dirname, 'empty.ts')

const isExternal =
  (names: readonly string[]) =>
  (id: string): boolean =>
    names.some((name) => id === name || id.startsWith(`${name}/`))

/** Writes one bundle into the package. */
export const writeBundle = async ({ folder, entry, external, empty }: Bundle): Promise<void> => {
  await build({
    cwd: join(workspace, folder),
    input: { [entry]: `src/${entry}.ts` },
    platform: 'node',
    external: isExternal(external),
    resolve: { alias: Object.fromEntries(empty.map((name) => [name, emptyModule])) },
    logLevel: 'warn',
    output: {
      dir: join(packageFolder, folder, 'src'),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      minify: true,
      keepNames: true,
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  })
}

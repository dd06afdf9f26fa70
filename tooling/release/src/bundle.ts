// Makes the bundles: minified, split where the sources load late, names kept because trpc-cli looks at
// the names of classes.
import { join } from 'node:path'
import { build } from 'rolldown'
import { type Bundle, bundleFolder, packageFolder, workspace } from './layout.ts'

const emptyModule = join(import.meta.dirname, 'empty.ts')

const isExternal =
  (names: readonly string[]) =>
  (id: string): boolean =>
    names.some((name) => id === name || id.startsWith(`${name}/`))

/** Writes one bundle into the package. */
export const writeBundle = async ({ name, source, external, empty }: Bundle): Promise<void> => {
  await build({
    cwd: workspace,
    input: { [name]: source },
    platform: 'node',
    external: isExternal(external),
    resolve: { alias: Object.fromEntries(empty.map((library) => [library, emptyModule])) },
    logLevel: 'warn',
    output: {
      dir: join(packageFolder, bundleFolder),
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: `${name}-[name]-[hash].js`,
      minify: true,
      keepNames: true,
      comments: { legal: true, annotation: false, jsdoc: false },
    },
  })
}

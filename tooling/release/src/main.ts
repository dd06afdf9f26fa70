// `pnpm build`: makes the published package in build/outfitter-dispatch, whole, from the sources.
// It takes the place of the one before at the end: a build that fails leaves that as it is.
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { manifestToTables, writeTables } from '@dispatch/cli'
import { appRouter, describeRouter } from '@dispatch/contract'
import { writeBundle } from './bundle.ts'
import { writeDeclarations } from './declarations.ts'
import { agentFolders, bins, bundleFolder, bundles, packageFolder, workspace } from './layout.ts'
import { packageManifest, releaseVersion } from './manifest.ts'

const target = `${packageFolder}.${process.pid}`

const write = async (path: string, text: string, mode = 0o644): Promise<void> => {
  const file = join(target, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { mode })
}

const writeJson = (path: string, value: unknown): Promise<void> =>
  write(path, `${JSON.stringify(value, null, 2)}\n`)

// A bin is the one of the sources, which checks the version of Node in old syntax, with the entry of
// the bundle behind it.
const writeBin = async ({ name, source, bundle }: (typeof bins)[number]): Promise<void> => {
  const text = await readFile(join(workspace, source), 'utf8')
  const entry = /\.\.\/src\/(?:source\/)?main\.ts/
  if (!entry.test(text) || !text.includes('process.versions.node')) {
    throw new Error(`${source} does not check the version of Node before it loads its main`)
  }
  // Past the file of the entry, which has nothing but an import of the chunk that it starts with.
  const files = await readdir(join(target, bundleFolder))
  const start = files.find((file) => file.startsWith(`${bundle}-start-`)) ?? `${bundle}.js`
  await write(`${bundleFolder}/${name}.mjs`, text.replace(entry, `./${start}`), 0o755)
}

const version = await releaseVersion()
try {
  await Promise.all([
    ...bundles.map((bundle) => writeBundle(target, bundle)),
    writeDeclarations(target),
  ])
  const tables = manifestToTables(describeRouter(appRouter), version)
  const generated = pathToFileURL(join(target, bundleFolder, 'generated/'))
  writeTables(tables, generated, 'build')
  for (const bin of bins) await writeBin(bin)
  await writeJson('package.json', await packageManifest())
  for (const name of ['LICENSE', 'README.md', 'CHANGELOG.md', 'examples']) {
    if (existsSync(join(workspace, name)))
      await cp(join(workspace, name), join(target, name), { recursive: true })
  }
  // A link would be left out by npm, and its skills by Codex.
  for (const name of agentFolders) {
    await cp(join(workspace, name), join(target, name), { recursive: true, dereference: true })
  }
  await rm(packageFolder, { recursive: true, force: true })
  await rename(target, packageFolder)
} finally {
  await rm(target, { recursive: true, force: true })
}

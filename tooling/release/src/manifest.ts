// The package.json files of the published package.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { agentFolders, bins, bundleFolder, typesFolder, workspace } from './layout.ts'

type Json = Record<string, unknown>

const readJson = async (path: string): Promise<Json> =>
  JSON.parse(await readFile(join(workspace, path), 'utf8')) as Json

// `catalog:` means something inside the workspace only.
const versionOf = async (name: string): Promise<string> => {
  const text = await readFile(join(workspace, 'pnpm-workspace.yaml'), 'utf8')
  const line = text
    .split('\n')
    .find((one) => one.trim().replaceAll("'", '').startsWith(`${name}: `))
  const version = line?.split(': ').at(-1)
  if (version === undefined) throw new Error(`the catalogue has no ${name}`)
  return version
}

const dependencies = ['@trpc/client', '@trpc/server', 'better-sqlite3', 'zod']

const pluginManifest = 'plugins/dispatch/.codex-plugin/plugin.json'

// From the sources each bin says the version of its own package, and Codex keeps a plugin by its version:
// all must be one.
const versioned = ['apps/cli/package.json', 'apps/daemon/package.json', pluginManifest]

/** The version that is built; throws where the workspace names more than one. */
export const releaseVersion = async (): Promise<string> => {
  const versions = await Promise.all(versioned.map(async (path) => (await readJson(path)).version))
  if (new Set(versions).size !== 1) {
    throw new Error(`${versioned.join(', ')} have different versions: ${versions.join(', ')}`)
  }
  return String(versions[0])
}

/** Gives the plugin the version of the programs. */
export const raisePlugin = async (): Promise<void> => {
  const { version } = await readJson('apps/cli/package.json')
  const plugin = await readFile(join(workspace, pluginManifest), 'utf8')
  const raised = plugin.replace(/"version": "[^"]*"/, `"version": ${JSON.stringify(version)}`)
  await writeFile(join(workspace, pluginManifest), raised)
}

/** The package.json at the root of the package. */
export const packageManifest = async (): Promise<Json> => {
  const root = await readJson('package.json')
  const versions = await Promise.all(
    dependencies.map(async (name) => [name, await versionOf(name)] as const),
  )
  return {
    name: 'outfitter-dispatch',
    version: await releaseVersion(),
    description: 'A local control plane for Codex agent threads.',
    license: root['license'],
    type: 'module',
    bin: Object.fromEntries(bins.map(({ name }) => [name, `${bundleFolder}/${name}.mjs`])),
    exports: {
      './client': {
        types: `./${typesFolder}/packages/client/src/index.d.ts`,
        default: `./${bundleFolder}/client.js`,
      },
      './package.json': './package.json',
    },
    files: [bundleFolder, typesFolder, ...agentFolders, 'LICENSE', 'README.md', 'CHANGELOG.md'],
    dependencies: Object.fromEntries(versions),
    engines: { node: '>=24' },
    os: ['linux', 'darwin'],
  }
}

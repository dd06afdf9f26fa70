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

// The types of the client name the server half of tRPC and zod. The other half is for those who use the
// link, and who have it then.
const dependencies = ['@trpc/server', 'better-sqlite3', 'zod']
const peers = ['@trpc/client']

const versionsOf = async (names: readonly string[]): Promise<Json> =>
  Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await versionOf(name)] as const)),
  )

const programManifest = 'apps/cli/package.json'
const pluginManifest = 'plugins/dispatch/.codex-plugin/plugin.json'

// From the sources each bin says the version of its own package, and Codex keeps a plugin by its version:
// all must be one.
const versioned = [programManifest, 'apps/daemon/package.json', pluginManifest]

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
  const { version } = await readJson(programManifest)
  const plugin = await readFile(join(workspace, pluginManifest), 'utf8')
  const raised = plugin.replace(/"version": "[^"]*"/, `"version": ${JSON.stringify(version)}`)
  await writeFile(join(workspace, pluginManifest), raised)
}

/** The package.json at the root of the package. */
export const packageManifest = async (): Promise<Json> => {
  const root = await readJson('package.json')
  return {
    name: 'outfitter-dispatch',
    version: await releaseVersion(),
    description: 'A local control plane for Codex agent threads.',
    license: root['license'],
    type: 'module',
    bin: Object.fromEntries(bins.map(({ name }) => [name, `${bundleFolder}/${name}.mjs`])),
    exports: {
      './client': {
        types: `./${typesFolder}/packages/client/src/program.d.ts`,
        default: `./${bundleFolder}/client.js`,
      },
      './client/trpc': {
        types: `./${typesFolder}/packages/client/src/link.d.ts`,
        default: `./${bundleFolder}/client-trpc.js`,
      },
      './package.json': './package.json',
    },
    files: [
      bundleFolder,
      typesFolder,
      ...agentFolders,
      'examples',
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
    ],
    dependencies: await versionsOf(dependencies),
    peerDependencies: await versionsOf(peers),
    peerDependenciesMeta: Object.fromEntries(peers.map((name) => [name, { optional: true }])),
    engines: { node: '>=24' },
    os: ['linux', 'darwin'],
  }
}

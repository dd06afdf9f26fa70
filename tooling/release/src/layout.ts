// Where what stands in the published package: every bundle with its chunks in one folder, so that a bin
// finds the other beside it, and the package.json with the version is above them as it is in the sources.
import { join } from 'node:path'

/** The root of the workspace. */
export const workspace = join(import.meta.dirname, '../../..')

/** The folder that is packed. */
export const packageFolder = join(workspace, 'tooling/release/build/outfitter-dispatch')

/** The folder of the bundles in it. */
export const bundleFolder = 'dist'

/** The folder of the declarations in it. */
export const typesFolder = 'types'

/** What agents and Codex read, as in the workspace: skills, the plugin and where Codex finds it. */
export const agentFolders = ['skills', 'plugins', '.agents'] as const

/** A bundle: an entry of the workspace. */
export type Bundle = {
  /** The name of its file; its chunks begin with it. */
  name: string
  source: string
  /** Further entries that share the chunks of the first: file and source. */
  beside?: Readonly<Record<string, string>>
  /** Imported from the dependencies of the published package. */
  external: readonly string[]
  /** Replaced by an empty module: what a library loads and does not need here. */
  empty: readonly string[]
  /** Modules of Node that only some runs use; a call of one of their functions loads them. */
  late: readonly string[]
}

/** Everything that is bundled. */
export const bundles: readonly Bundle[] = [
  {
    name: 'cli',
    source: 'apps/cli/src/main.ts',
    // Ink looks whether it is installed, and is content when it is not.
    external: ['react-devtools-core'],
    // trpc-cli tries them at its start, 60 ms and more; ours is fed with JSON Schemas.
    empty: [
      'valibot',
      '@valibot/to-json-schema',
      'effect',
      '@orpc/server',
      'zod/v4/core',
      '@trpc/server',
    ],
    late: ['node:child_process', 'node:net', 'node:stream/consumers'],
  },
  {
    name: 'daemon',
    source: 'apps/daemon/src/main.ts',
    external: ['better-sqlite3'],
    empty: [],
    late: [],
  },
  {
    name: 'indexer',
    source: 'apps/daemon/src/sync/indexing/worker.ts',
    external: ['better-sqlite3'],
    empty: [],
    late: [],
  },
  {
    name: 'client',
    source: 'packages/client/src/program.ts',
    // One bundle, or each would have a DispatchError of its own.
    beside: { 'client-trpc': 'packages/client/src/link.ts' },
    // A tool that uses the client has them too, and its types name them.
    external: ['@trpc/client', '@trpc/server', 'zod'],
    empty: [],
    late: [],
  },
  {
    name: 'simulator',
    source: 'tooling/model-simulator/src/main.ts',
    external: [],
    empty: [],
    late: [],
  },
]

/** The bins: name, source, and the bundle behind it. */
export const bins = [
  { name: 'dispatch', source: 'apps/cli/bin/dispatch.mjs', bundle: 'cli' },
  { name: 'dispatchd', source: 'apps/daemon/bin/dispatchd.mjs', bundle: 'daemon' },
] as const

// Where what stands in the published package. It has the folders of the workspace, so that a path that
// a main.ts takes from its own place is right in both; only the extension differs.
import { join } from 'node:path'

/** The root of the workspace. */
export const workspace = join(import.meta.dirname, '../../..')

/** The folder that is packed. */
export const packageFolder = join(workspace, 'tooling/release/build/outfitter-dispatch')

/** The bins: name, and path in both trees. */
export const bins = {
  dispatch: 'apps/cli/bin/dispatch.mjs',
  dispatchd: 'apps/daemon/bin/dispatchd.mjs',
} as const

/** A bundle: one entry, its folder in both trees, and what its chunk leaves out. */
export type Bundle = {
  /** Folder of the workspace package. */
  folder: string
  /** File in its `src`, without extension. */
  entry: string
  /** Imported from the dependencies of the published package. */
  external: readonly string[]
  /** Replaced by an empty module: loaded by a library for what is not used. */
  empty: readonly string[]
}

/** Everything that is bundled. */
export const bundles: readonly Bundle[] = [
  {
    folder: 'apps/cli',
    entry: 'main',
    external: [],
    // trpc-cli tries them at its start, 60 ms and more; ours is fed with JSON Schemas.
    empty: [
      'valibot',
      '@valibot/to-json-schema',
      'effect',
      '@orpc/server',
      'zod/v4/core',
      '@trpc/server',
    ],
  },
  { folder: 'apps/daemon', entry: 'main', external: ['better-sqlite3'], empty: [] },
  {
    folder: 'packages/client',
    entry: 'index',
    // A tool that uses the client has them too, and its types name them.
    external: ['@trpc/client', '@trpc/server', 'zod'],
    empty: [],
  },
  { folder: 'tooling/model-simulator', entry: 'main', external: [], empty: [] },
]

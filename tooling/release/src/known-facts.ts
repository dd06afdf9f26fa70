// Puts what only a build knows in the place of modules: what the daemon must know of its contract and a
// client of its hash, for which the first would walk the whole contract at every start and the second
// would need zod, and the version of the package.
import { join } from 'node:path'
import { appRouter, describeRouter } from '@dispatch/contract'
import type { Plugin } from 'rolldown'
import { workspace } from './layout.ts'
import { releaseVersion } from './manifest.ts'

const { hash, ops } = describeRouter(appRouter)

const constant = (name: string, value: unknown): string =>
  `export const ${name} = ${JSON.stringify(value)}`

const modules: Readonly<Record<string, () => Promise<string>>> = {
  'apps/daemon/src/contract-facts.ts': async () =>
    [
      constant('contractHash', hash),
      constant(
        'laneToolManifest',
        ops.filter(({ meta }) => meta.laneTool),
      ),
    ].join('\n'),
  'packages/client/src/program-facts.ts': async () =>
    [constant('version', await releaseVersion()), constant('contract', hash)].join('\n'),
}

const texts = new Map(Object.entries(modules).map(([path, text]) => [join(workspace, path), text]))

/** Stands in for the modules of the sources. */
export const knownFacts: Plugin = {
  name: 'known-facts',
  load: (id) => texts.get(id)?.() ?? null,
}

// Puts what only a build knows in the place of modules: the contract's hash, for which a daemon would
// walk its whole contract at every start and a client would need zod, and the version of the package.
import { join } from 'node:path'
import { appRouter, describeRouter } from '@dispatch/contract'
import type { Plugin } from 'rolldown'
import { workspace } from './layout.ts'
import { releaseVersion } from './manifest.ts'

const hash = (): string => JSON.stringify(describeRouter(appRouter).hash)

const modules: Readonly<Record<string, () => Promise<string>>> = {
  'apps/daemon/src/contract-hash.ts': async () => `export const contractHash = ${hash()}`,
  'packages/client/src/program-facts.ts': async () =>
    `export const version = ${JSON.stringify(await releaseVersion())}, contract = ${hash()}`,
}

const texts = new Map(Object.entries(modules).map(([path, text]) => [join(workspace, path), text]))

/** Stands in for the modules of the sources. */
export const knownFacts: Plugin = {
  name: 'known-facts',
  load: (id) => texts.get(id)?.() ?? null,
}

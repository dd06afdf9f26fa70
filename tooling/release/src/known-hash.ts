// Puts the contract's hash into the daemon, which would else walk its whole contract at every start.
import { join } from 'node:path'
import { appRouter, describeRouter } from '@dispatch/contract'
import type { Plugin } from 'rolldown'
import { workspace } from './layout.ts'

const module = join(workspace, 'apps/daemon/src/contract-hash.ts')

/** Stands in for the module of the sources that finds it out. */
export const knownHash: Plugin = {
  name: 'known-hash',
  load: (id) =>
    id === module
      ? `export const contractHash = ${JSON.stringify(describeRouter(appRouter).hash)}`
      : null,
}

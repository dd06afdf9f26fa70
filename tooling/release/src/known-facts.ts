// Puts what the daemon must know of its contract into it: it would else walk the whole at every start.
import { join } from 'node:path'
import { appRouter, describeRouter } from '@dispatch/contract'
import type { Plugin } from 'rolldown'
import { workspace } from './layout.ts'

const module = join(workspace, 'apps/daemon/src/contract-facts.ts')

const facts = (): string => {
  const { hash, ops } = describeRouter(appRouter)
  return [
    `export const contractHash = ${JSON.stringify(hash)}`,
    `export const laneToolManifest = ${JSON.stringify(ops.filter(({ meta }) => meta.laneTool))}`,
  ].join('\n')
}

/** Stands in for the module of the sources that finds it out. */
export const knownFacts: Plugin = {
  name: 'known-facts',
  load: (id) => (id === module ? facts() : null),
}

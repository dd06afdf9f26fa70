// Tells the daemon where in the package the program of its thread is: beside its own bundle.
import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { workspace } from './layout.ts'

const module = join(workspace, 'apps/daemon/src/sync/indexing/worker-file.ts')

/** Stands in for the module of the sources that names it. */
export const workerPlace: Plugin = {
  name: 'worker-place',
  load: (id) =>
    id === module ? "export const workerFile = new URL('indexer.js', import.meta.url)" : null,
}

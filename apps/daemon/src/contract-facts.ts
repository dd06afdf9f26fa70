// What the daemon must know of its own contract as data: its hash, for hellos, and the ops that agents in
// lanes may be offered. To walk the contract takes a tenth of a start, so a release has both in the place of
// this module.
import { appRouter, describeRouter } from '@dispatch/contract'
import type { ManifestOp } from '@dispatch/contract/manifest'

const manifest = describeRouter(appRouter)

export const contractHash: string = manifest.hash

export const laneToolManifest: readonly ManifestOp[] = manifest.ops.filter(
  ({ meta }) => meta.laneTool,
)

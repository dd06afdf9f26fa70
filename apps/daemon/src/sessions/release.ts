// release: lets the App Server drop an idle own lane, so that other Codex apps can open its thread. The
// next message loads it again.
import { DispatchError, type ReleaseResult } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { CodexLink } from '../codex/codex-link.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import { refusalOfBusy } from './detach.ts'
import type { Unloading } from './unloading.ts'

type ReleaseOptions = {
  store: Store
  link: CodexLink
  workers: LaneWorkers
  unloading: Unloading
}

/** Lets lanes go. */
export type Release = (lane: LaneRow, signal: AbortSignal) => Promise<ReleaseResult>

const refusalOf = (store: Store, lane: LaneRow): DispatchError | null => {
  if (lane.source === 'attached') {
    return new DispatchError(
      'validation',
      `${lane.handle} is attached: dispatch never holds it, so others can open it already.`,
      { hint: `dispatch get ${lane.ref}` },
    )
  }
  if (lane.ephemeral) {
    return new DispatchError(
      'validation',
      `${lane.handle} is ephemeral: Codex would forget it, and no other app could open it.`,
    )
  }
  return refusalOfBusy(store, lane, 'release')
}

/** Makes the releasing of lanes. */
export const makeRelease =
  ({ store, link, workers, unloading }: ReleaseOptions): Release =>
  (lane, signal) =>
    workers.run(lane.threadId, async () => {
      const current = store.lanes.get(lane.threadId) ?? lane
      const refusal = refusalOf(store, current)
      if (refusal) throw refusal
      const unloaded = await unloading.unload(await link.client(signal), current.threadId)
      const note = 'Another client of the App Server has the thread open.'
      return { ...rowToIdentity(current), unloaded, notes: unloaded ? [] : [note] }
    })

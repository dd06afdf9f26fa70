// Lets an idle lane go, in its worker: Codex unloads a thread that nobody is subscribed to.
import type { Store } from '@dispatch/store'
import type { CodexLink } from '../codex/codex-link.ts'
import type { Log } from '../log/log.ts'
import type { LaneLoading } from './lane-loading.ts'
import type { LaneWorkers } from './lane-worker.ts'

type LettingGoOptions = {
  store: Store
  log: Log
  workers: LaneWorkers
  link: () => CodexLink
  loading: () => LaneLoading
  /** Whether the lane must stay loaded although no turn runs. */
  isNeeded: (threadId: string) => boolean
}

/** Makes the letting go of lanes; what it gives returns at once. */
export const makeLettingGo =
  ({ store, log, workers, link, loading, isNeeded }: LettingGoOptions) =>
  (threadId: string): void =>
    void workers.run(threadId, async () => {
      const client = link().current()
      const lane = store.lanes.get(threadId)
      // An ephemeral lane could never be loaded again.
      if (!client || !lane || lane.ephemeral || lane.activeTurnId !== null) return
      if (isNeeded(threadId)) return
      // A sub-agent of it waits for an answer, which comes through the lane.
      if (store.requests.countPending(threadId) > 0) return loading().idle(threadId)
      loading().unloaded(threadId)
      await client.request('thread/unsubscribe', { threadId }).catch((error: unknown) => {
        log.debug('lane.release-failed', { thread: threadId, error: String(error) })
      })
    })

// What happens to lanes when the app-server is joined or lost: on a join every lane with open work
// is brought up to date before anything else is done with it; on the loss of the server nobody
// knows how its lanes stand until then.
import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink, LinkListener } from '../codex/codex-link.ts'
import type { DeliveryWriter } from '../deliveries/delivery-writer.ts'
import type { EventLog, EventTx } from '../events/event-log.ts'
import type { LaneChanges } from './lane-changes.ts'
import type { LaneLoading } from './lane-loading.ts'
import type { LaneWorkers } from './lane-worker.ts'

type RejoinOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: () => CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  loading: LaneLoading
  deliveries: DeliveryWriter
  /** Brings a lane and its deliveries up to what Codex has; inside its worker. */
  reconcile: (threadId: string) => Promise<void>
  /** Looks at every queue, each after what its lane's worker was given before. */
  wakeQueues: () => void
  /** Finishes lanes whose making was cut; does not wait. */
  finishCreations: (client: CodexClient) => void
  /** Every lane with open work was brought up to date, as far as that could be done. */
  caughtUp: () => void
}

/** Makes the daemon's side of joins and losses. */
export const makeRejoin = (options: RejoinOptions): LinkListener => {
  const { store, clock, events, workers, changes, loading } = options

  const withOpenWork = (): LaneRow[] => {
    // What waits is nothing that Codex could tell of.
    const left = store.deliveries.unsettled().filter(({ state }) => state !== 'queued')
    const submitting = new Set(left.map(({ threadId }) => threadId))
    return store.lanes
      .open()
      .filter(
        // An attached lane is never loaded: others write it.
        ({ threadId, activeTurnId, status, source }) =>
          source === 'own' &&
          (activeTurnId !== null ||
            status === 'unknown' ||
            status === 'waiting_approval' ||
            submitting.has(threadId)),
      )
      .flatMap(({ threadId }) => store.lanes.get(threadId) ?? [])
  }

  // Nobody will ever tell what became of them, and open work keeps a stale server alive.
  const failDeliveries = (tx: EventTx, threadId: string, failure: string): void => {
    for (const { id } of store.deliveries.unsettled(threadId)) {
      options.deliveries.settle(tx, id, { state: 'failed', turnId: null, failure })
    }
  }

  // Codex keeps nothing of an ephemeral lane, and nobody can join it again.
  const loseEphemeral = (): void => {
    const lost = store.lanes.open().filter(({ ephemeral }) => ephemeral)
    if (lost.length === 0) return
    events.commit((tx) => {
      for (const { threadId } of lost) {
        const at = clock.now()
        store.lanes.update(threadId, {
          status: 'archived',
          archivedAt: at,
          activeTurnId: null,
          stalled: false,
          updatedAt: at,
        })
        const reason = 'ephemeral: its App Server was left'
        tx.append({ threadId, type: 'lane.archived', data: { reason } })
        failDeliveries(tx, threadId, reason)
      }
    })
    changes.touched(lost.map(({ threadId }) => threadId))
  }

  const setUnknown = (lanes: readonly LaneRow[]): void => {
    events.commit((tx) => {
      for (const { threadId, status } of lanes) {
        if (status === 'unknown') continue
        store.lanes.update(threadId, { status: 'unknown', updatedAt: clock.now() })
        const data = { from: status, to: 'unknown', reason: 'app-server lost' }
        tx.append({ threadId, type: 'lane.status-changed', data })
      }
    })
    changes.touched(lanes.map(({ threadId }) => threadId))
  }

  return {
    hasOpenWork: () => {
      const lanes = store.lanes.counts()
      return lanes.busy + lanes.waiting_approval > 0 || store.deliveries.counts().submitting > 0
    },

    joined: ({ client, fresh }) => {
      loading.reset()
      loseEphemeral()
      const lanes = withOpenWork()
      events.commit((tx) => {
        const data = { version: client.server.version ?? null, pid: options.link().status().pid }
        tx.append({ threadId: null, type: fresh ? 'codex.started' : 'codex.joined', data })
        // Deltas and the like that came while nobody listened are gone.
        if (!fresh || lanes.length > 0) {
          tx.append({ threadId: null, type: 'gap', data: { kind: 'live' } })
        }
      })
      const reconciled = lanes.map(({ threadId }) =>
        workers.run(threadId, () => options.reconcile(threadId)),
      )
      void Promise.allSettled(reconciled).then(() => {
        // Another join has begun anew.
        if (options.link().current() === client) options.caughtUp()
      })
      options.wakeQueues()
      options.finishCreations(client)
    },

    lost: ({ dead, reason }) => {
      loading.reset()
      events.commit((tx) => {
        tx.append({ threadId: null, type: 'codex.lost', data: { dead, reason } })
      })
      if (dead) setUnknown(withOpenWork().filter(({ activeTurnId }) => activeTurnId !== null))
    },
  }
}

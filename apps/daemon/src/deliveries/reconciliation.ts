// Judges deliveries whose acceptance nobody saw. Absent is decided only behind a fence: the server
// that could have received the message is dead, or it has nothing queued and the thread is idle,
// because a living server still executes what was written to it (1.2 s later with 20 lanes busy).
import type { CodexClient } from '@dispatch/codex-client'
import type { DeliveryRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { Log } from '../log/log.ts'
import type { Ingest } from '../turns/ingest.ts'
import type { DeliveryWriter } from './delivery-writer.ts'
import { judge } from './decide.ts'
import type { GatherEvidence } from './evidence.ts'

type ReconciliationOptions = {
  store: Store
  clock: Clock
  log: Log
  link: CodexLink
  events: EventLog
  ingest: Ingest
  loading: LaneLoading
  deliveries: DeliveryWriter
  gatherEvidence: GatherEvidence
  touched: (threadIds: Iterable<string>) => void
}

/** Brings a lane and its deliveries up to what Codex has. Runs inside the lane's worker. */
export type Reconciliation = {
  /** `load`: the lane is loaded first, so that it is followed again. */
  reconcile(threadId: string, options: { load: boolean }): Promise<void>
}

const SETTLE_MS = 500

const isQuiet = async (client: CodexClient): Promise<boolean> => {
  const { gauges } = await client.request('server/diagnostics', {})
  const value = (name: string): number => gauges.find((gauge) => gauge.name === name)?.value ?? 0
  return value('app.requests.queued') === 0 && value('app.requests.in_flight') <= 1
}

/** Makes the room's reconciliation. */
export const makeReconciliation = (options: ReconciliationOptions): Reconciliation => {
  const { store, clock, log, link, events, ingest, loading, deliveries, touched } = options
  const { gatherEvidence } = options

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      clock.at(SETTLE_MS, resolve)
    })

  const sameServer = (row: DeliveryRow): boolean => {
    const now = link.instance()
    return row.server?.pid === now?.pid && row.server?.startedAt === now?.startedAt
  }

  const fenced = async (client: CodexClient, row: DeliveryRow): Promise<void> => {
    if (!sameServer(row)) return
    for (let quiet = 0; quiet < 2;) {
      quiet = (await isQuiet(client)) ? quiet + 1 : 0
      if (quiet < 2) await pause()
    }
  }

  const judgeOne = async (client: CodexClient, row: DeliveryRow): Promise<void> => {
    await fenced(client, row)
    ingest.drain()
    const lane = store.lanes.get(row.threadId)
    const current = store.deliveries.get(row.id)
    // An active thread is waited for, never judged: the end of its turn comes back here.
    if (!lane || lane.activeTurnId !== null || current?.state !== 'submitting') return
    const unsettled = store.deliveries.unsettled(row.threadId)
    const judgement = judge(await gatherEvidence(client, { lane, row: current, unsettled }))
    log.info('delivery.judged', { delivery: row.id, state: judgement.state })
    events.commit((tx) => deliveries.settle(tx, current, judgement), { durable: true })
    touched([row.threadId])
  }

  return {
    reconcile: async (threadId, { load }) => {
      const client = link.current()
      const lane = store.lanes.get(threadId)
      if (!client || !lane) return
      try {
        if (load) await loading.load(client, lane)
        for (const row of store.deliveries.unsettled(threadId)) {
          if (row.state === 'submitting') await judgeOne(client, row)
        }
      } catch (error) {
        // The next join, or the lane's next message, comes back to it.
        log.warn('lane.reconcile-failed', { thread: threadId, error: String(error) })
      }
    },
  }
}

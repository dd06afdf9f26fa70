// Judges deliveries whose acceptance nobody saw. Absent is decided only behind the fence, and when the
// thread is idle.
// What cannot be done now is done again later, for as long as the lane has open work: nobody else
// would ever come back to a lane whose turn runs and that is not followed.
import type { CodexClient } from '@dispatch/codex-client'
import type { DeliveryHead, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { isUnreadable } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { Fence } from '../codex/fence.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import type { Log } from '../log/log.ts'
import type { Ingest } from '../turns/ingest.ts'
import type { DeliveryWriter } from './delivery-writer.ts'
import { type Evidence, isUndecided, judge, judgeContext } from './decide.ts'
import { type GatherEvidence, isContextInRollout } from './evidence.ts'

/** What it needs. */
export type ReconciliationOptions = {
  store: Store
  clock: Clock
  log: Log
  link: CodexLink
  events: EventLog
  ingest: Ingest
  loading: LaneLoading
  deliveries: DeliveryWriter
  gatherEvidence: GatherEvidence
  fence: Fence
  touched: (threadIds: Iterable<string>) => void
  /** How long before try number `attempt`, from 1 on. */
  backoffMs: (attempt: number) => number
  /** Reconciles again, in the lane's worker. */
  again: (threadId: string) => void
}

/** Brings a lane and its deliveries up to what Codex has. Runs inside the lane's worker. */
export type Reconciliation = {
  /** `load`: the lane is loaded first, so that it is followed again. `undecided`: those that could not be judged are looked at once more. */
  reconcile(threadId: string, options: { load: boolean; undecided?: boolean }): Promise<void>
}

const UNREADABLE_TRIES = 3

/** Makes the room's reconciliation. */
export const makeReconciliation = (options: ReconciliationOptions): Reconciliation & Disposable => {
  const { store, clock, log, link, events, ingest, loading, deliveries, touched } = options
  const { gatherEvidence } = options
  const failed = new Map<string, { attempt: number; timer: Disposable }>()

  // Once more may help where Codex was short of something; again and again, nobody can tell.
  const evidenceOf = async (
    client: CodexClient,
    about: Parameters<GatherEvidence>[1],
  ): Promise<Evidence> => {
    try {
      return await gatherEvidence(client, about)
    } catch (error) {
      const tries = (failed.get(about.row.threadId)?.attempt ?? 0) + 1
      if (!isUnreadable(error) || tries < UNREADABLE_TRIES) throw error
      log.warn('delivery.unreadable', { delivery: about.row.id, error: String(error) })
      return { inHistory: null, sameTextInRollout: null, twins: 0 }
    }
  }

  const judgeOne = async (client: CodexClient, row: DeliveryHead): Promise<void> => {
    // The fence takes half a second and more, in the lane's worker: not for one that is not judged.
    if (store.lanes.get(row.threadId)?.activeTurnId !== null) return
    await options.fence(client, row.server)
    ingest.drain()
    const lane = store.lanes.get(row.threadId)
    const current = store.deliveries.get(row.id)
    // An active thread is waited for, never judged: the end of its turn comes back here.
    if (!lane || lane.activeTurnId !== null || !current || !isUndecided(current)) return
    // What waits is not in Codex: it has never left, or was found to be absent before it waited again.
    const left = store.deliveries.unsettled(row.threadId).filter(isUndecided)
    const others = left.flatMap(({ id }) => store.deliveries.get(id) ?? [])
    const judgement =
      row.mode === 'context'
        ? judgeContext(await isContextInRollout(lane, current))
        : judge(await evidenceOf(client, { lane, row: current, others }))
    log.info('delivery.judged', { delivery: row.id, state: judgement.state })
    events.commit((tx) => deliveries.judged(tx, row.id, judgement), { durable: true })
    touched([row.threadId])
  }

  const hasOpenWork = (threadId: string): boolean => {
    const lane = store.lanes.get(threadId)
    if (!lane) return false
    const isAlive =
      lane.archivedAt === null && (lane.activeTurnId !== null || lane.status === 'unknown')
    return (
      isAlive || store.deliveries.unsettled(threadId).some(({ state }) => state === 'submitting')
    )
  }

  const settled = (threadId: string): void => {
    failed.get(threadId)?.timer[Symbol.dispose]()
    failed.delete(threadId)
  }

  // Without a link the next join comes to every lane with open work.
  const retry = (threadId: string): void => {
    const attempt = (failed.get(threadId)?.attempt ?? 0) + 1
    settled(threadId)
    if (!link.current() || !hasOpenWork(threadId)) return
    const timer = clock.at(options.backoffMs(attempt), () => options.again(threadId))
    failed.set(threadId, { attempt, timer })
  }

  const load = async (client: CodexClient, lane: LaneRow): Promise<void> => {
    try {
      await loading.load(client, lane)
    } catch (error) {
      // Its messages can be judged all the same.
      if (!isUnreadable(error)) throw error
      if (store.lanes.get(lane.threadId)?.activeTurnId !== null) throw error
    }
  }

  return {
    reconcile: async (threadId, how) => {
      const client = link.current()
      const lane = store.lanes.get(threadId)
      if (!client || !lane) return
      try {
        if (how.load && lane.archivedAt === null) await load(client, lane)
        for (const row of store.deliveries.unsettled(threadId)) {
          const isAsked = how.undecided === true && row.state === 'ambiguous'
          if (row.state === 'submitting' || isAsked) await judgeOne(client, row)
        }
        settled(threadId)
      } catch (error) {
        log.warn('lane.reconcile-failed', { thread: threadId, error: String(error) })
        retry(threadId)
      }
    },
    [Symbol.dispose]() {
      for (const threadId of [...failed.keys()]) settled(threadId)
    },
  }
}

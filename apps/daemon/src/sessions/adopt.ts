// adopt: an attached lane becomes an own one. Loading its thread takes Codex's writer lock, which only
// one process can hold, so nobody else writes it from then on.
import { type AdoptResult, DispatchError } from '@dispatch/contract'
import type { CodexClient } from '@dispatch/codex-client'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { holderToError, isRefusal } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { TurnFact } from '../codex/fact.ts'
import type { HistoryReader } from '../codex/history-reader.ts'
import type { WriterLocks } from '../codex/writer-locks.ts'
import type { EventLog } from '../events/event-log.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'

type AdoptOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  workers: LaneWorkers
  loading: LaneLoading
  history: HistoryReader
  locks: WriterLocks
  touched: (threadIds: Iterable<string>) => void
}

/** Adopts lanes. */
export type Adopt = (lane: LaneRow, signal: AbortSignal) => Promise<AdoptResult>

const ITEMS_PAGE = 100

/** Makes the adopting of lanes. */
export const makeAdopt = (options: AdoptOptions): Adopt => {
  const { store, clock, events, link, workers, loading, history, locks, touched } = options

  // A thread without a turn has no history to page through, and Codex says so by refusing.
  const newestTurn = async (client: CodexClient, threadId: string): Promise<TurnFact | null> => {
    try {
      const page = await history.turns(client, threadId, null)
      return page.data.find(({ status }) => status !== 'started') ?? null
    } catch (error) {
      if (isRefusal(error)) return null
      throw error
    }
  }

  const lastMessage = async (client: CodexClient, threadId: string, turnId: string) => {
    const query = { threadId, turnId, cursor: null, limit: ITEMS_PAGE, order: 'desc' as const }
    const { data } = await history.items(client, query).catch(() => ({ data: [] }))
    return data.find(({ type }) => type === 'agentMessage')?.text ?? null
  }

  const result = (lane: LaneRow, notes: string[]): AdoptResult => {
    const now = store.lanes.get(lane.threadId) ?? lane
    return { ...rowToIdentity(now), model: now.effective?.model ?? null, notes }
  }

  const take = async (lane: LaneRow, signal: AbortSignal): Promise<void> => {
    const { threadId } = lane
    const client = await link.client(signal)
    const newest = await newestTurn(client, threadId)
    const message = newest && (await lastMessage(client, threadId, newest.id))
    // What was before us is history, not news: filling up stops at a turn that is known.
    if (newest) {
      const { id, status, startedAt, completedAt, durationMs, error } = newest
      const errorAt = error ? completedAt : null
      const turn = { id, status, startedAt, completedAt, durationMs, error, errorAt }
      store.turns.upsert({ threadId, ...turn })
    }
    const effective = await loading.load(client, lane)
    events.commit(
      (tx) => {
        const current = store.lanes.get(threadId) ?? lane
        const at = clock.now()
        const standing = current.activeTurnId === null ? 'idle' : 'busy'
        store.lanes.update(threadId, {
          source: 'own',
          // What it asks came as it was loaded.
          status: store.requests.countPending(threadId) > 0 ? 'waiting_approval' : standing,
          latestTurnId: current.activeTurnId ?? newest?.id ?? null,
          lastMessage: message,
          effective: effective ?? current.effective,
          updatedAt: at,
        })
        tx.append({ threadId, type: 'lane.adopted', data: { title: current.title } })
      },
      { durable: true },
    )
    touched([threadId])
  }

  return (lane, signal) =>
    workers.run(lane.threadId, async () => {
      const current = store.lanes.get(lane.threadId) ?? lane
      if (current.source === 'own') return result(current, ['It was an own lane already.'])
      if (current.archivedAt !== null) {
        throw new DispatchError('validation', `${current.handle} is archived.`, {
          hint: `dispatch restore ${current.ref}`,
        })
      }
      const holder = locks.elsewhere(current.threadId)
      if (holder) throw holderToError(holder)
      await take(current, signal)
      return result(current, [])
    })
}

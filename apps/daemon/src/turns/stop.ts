// stop: cancels the active turn of a lane, and the shell commands that an interrupt leaves running.
import { DispatchError, type StopResult } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { codexFailureToError, isTurnOver } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { LaneLoading } from '../lanes/lane-loading.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import { isBegun } from './begun.ts'

type StopOptions = {
  store: Store
  link: CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  loading: LaneLoading
}

type Stopped = StopResult['lanes'][number]

/** Stops turns of lanes. */
export type Stopper = {
  /**
   * Stops that lane's turn; says why not where there is none. `asked`: when Codex has answered, still in
   * the lane's worker, so that nothing has started since.
   */
  stop(lane: LaneRow, signal: AbortSignal, asked?: () => void): Promise<Stopped>
  /** Every lane with an active turn, or with a message on its way to one. */
  busy(): LaneRow[]
}

/** An interrupt takes 15 ms; a turn that has only just been asked for starts within a second. */
const STARTED_MS = 10_000
const ENDED_MS = 10_000

/** Makes the stopping of turns. */
export const makeStopper = ({ store, link, workers, changes, loading }: StopOptions): Stopper => {
  const current = (threadId: string): LaneRow | null => store.lanes.get(threadId)

  const view = (lane: LaneRow, turnId: string | null, reason: string | null): Stopped => ({
    ...rowToIdentity(current(lane.threadId) ?? lane),
    turnId,
    stopped: reason === null,
    goalPaused: false,
    reason,
  })

  const isOnItsWay = (threadId: string): boolean =>
    store.deliveries
      .unsettled(threadId)
      .some(({ state, mode }) => state === 'submitting' && mode !== 'context')

  // A message on its way has its turn when Codex has answered; the lane's worker is busy until then.
  const turnOf = async ({ threadId }: LaneRow, signal: AbortSignal): Promise<string | null> => {
    const isTold = () => current(threadId)?.activeTurnId != null || !isOnItsWay(threadId)
    await changes.until([threadId], isTold, { signal, timeoutMs: STARTED_MS })
    return current(threadId)?.activeTurnId ?? null
  }

  const interrupt = async (lane: LaneRow, turnId: string): Promise<string | null> => {
    if (current(lane.threadId)?.activeTurnId !== turnId) return 'the turn has ended'
    const client = link.current()
    if (!client) {
      throw new DispatchError('app_server', 'The connection to Codex was lost before the stop.', {
        hint: 'dispatch daemon status',
      })
    }
    await loading.load(client, lane)
    const { threadId } = lane
    try {
      await client.request('turn/interrupt', { threadId, turnId })
    } catch (error) {
      if (isTurnOver(error)) return 'the turn has ended'
      throw codexFailureToError(error)
    }
    try {
      // An interrupt leaves a running shell command alive as a background terminal.
      await client.request('thread/backgroundTerminals/clean', { threadId })
    } catch (error) {
      throw codexFailureToError(error)
    }
    return null
  }

  const isOver = (threadId: string, turnId: string): boolean =>
    current(threadId)?.activeTurnId !== turnId

  return {
    busy: () => {
      const working = new Set(store.deliveries.working())
      return store.lanes
        .open()
        .filter(({ threadId }) => working.has(threadId))
        .flatMap(({ threadId }) => current(threadId) ?? [])
    },

    stop: async (lane, signal, asked) => {
      const turnId = lane.activeTurnId ?? (await turnOf(lane, signal))
      if (turnId === null) return view(lane, null, 'no active turn')
      // Codex refuses an interrupt between the answer to turn/start and turn/started.
      await changes.until([lane.threadId], () => isBegun(store, lane.threadId, turnId), {
        signal,
        timeoutMs: STARTED_MS,
      })
      // A server that is being started is waited for outside of the lane's worker.
      await link.client(signal)
      const reason = await workers.run(lane.threadId, async () => {
        try {
          return await interrupt(lane, turnId)
        } finally {
          asked?.()
        }
      })
      const over = await changes.until([lane.threadId], () => isOver(lane.threadId, turnId), {
        signal,
        timeoutMs: ENDED_MS,
      })
      return view(lane, turnId, over ? reason : 'Codex has not reported the end of the turn yet')
    },
  }
}

// stop: cancels the active turn of a lane, and the shell commands that an interrupt leaves running.
import type { StopResult } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { codexFailureToError, isRefusal } from '../codex/codex-failure.ts'
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
  /** Stops that lane's turn; says why not where there is none. */
  stop(lane: LaneRow, signal: AbortSignal): Promise<Stopped>
  /** Every lane with an active turn. */
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

  const interrupt = async (lane: LaneRow, turnId: string): Promise<string | null> =>
    await workers.run(lane.threadId, async () => {
      if (current(lane.threadId)?.activeTurnId !== turnId) return 'the turn has ended'
      const client = await link.client()
      await loading.load(client, lane)
      const { threadId } = lane
      try {
        await client.request('turn/interrupt', { threadId, turnId })
      } catch (error) {
        if (isRefusal(error)) return 'the turn has ended'
        throw codexFailureToError(error)
      }
      try {
        // An interrupt leaves a running shell command alive as a background terminal.
        await client.request('thread/backgroundTerminals/clean', { threadId })
      } catch (error) {
        throw codexFailureToError(error)
      }
      return null
    })

  const isOver = (threadId: string, turnId: string): boolean =>
    current(threadId)?.activeTurnId !== turnId

  return {
    busy: () =>
      store.lanes
        .open()
        .filter(({ activeTurnId }) => activeTurnId !== null)
        .flatMap(({ threadId }) => current(threadId) ?? []),

    stop: async (lane, signal) => {
      const turnId = lane.activeTurnId
      if (turnId === null) return view(lane, null, 'no active turn')
      // Codex refuses an interrupt between the answer to turn/start and turn/started.
      await changes.until([lane.threadId], () => isBegun(store, lane.threadId, turnId), {
        signal,
        timeoutMs: STARTED_MS,
      })
      const reason = await interrupt(lane, turnId)
      const over = await changes.until([lane.threadId], () => isOver(lane.threadId, turnId), {
        signal,
        timeoutMs: ENDED_MS,
      })
      return view(lane, turnId, over ? reason : 'Codex has not reported the end of the turn yet')
    },
  }
}

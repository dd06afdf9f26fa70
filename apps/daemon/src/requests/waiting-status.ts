// The status of a lane follows what is asked on it: waiting_approval as long as something is, then what
// its turns make it.
import type { LaneStatus } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { EventTx } from '../events/event-log.ts'

/** Sets the status of a lane by its requests, in the caller's commit. */
export type FollowRequests = (tx: EventTx, laneId: string | null) => void

/** Makes the following. */
export const makeFollowRequests = (options: { store: Store; clock: Clock }): FollowRequests => {
  const { store, clock } = options

  const resting = ({ threadId, activeTurnId, latestTurnId }: LaneRow): LaneStatus => {
    if (activeTurnId !== null) return 'busy'
    const latest = latestTurnId === null ? null : store.turns.get(threadId, latestTurnId)
    return latest?.status === 'failed' ? 'error' : 'idle'
  }

  return (tx, laneId) => {
    const lane = laneId === null ? null : store.lanes.get(laneId)
    if (!lane || lane.archivedAt !== null) return
    const { threadId, status: from } = lane
    const isAsked = store.requests.countPending(threadId) > 0
    if (isAsked === (from === 'waiting_approval')) return
    const to = isAsked ? 'waiting_approval' : resting(lane)
    store.lanes.update(threadId, { status: to, updatedAt: clock.now() })
    tx.append({ threadId, type: 'lane.status-changed', data: { from, to } })
  }
}

// Archives a lane that a trigger made, once the turn of its message has ended. Read from the registry,
// so that it is done also where another daemon saw the turn begin. Once a lane: one that a person has
// taken out of the archive, or given more to do, is that person's.
import type { DaemonServices } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import type { Log } from '../log/log.ts'
import { originOf } from './causes.ts'
import { isLaneBusy } from './rest.ts'

/** What it needs. */
export type PuttingAwayOptions = {
  store: Store
  clock: Clock
  log: Log
  newId: () => string
  archive: DaemonServices['archive']
}

const never = new AbortController().signal

/** Looks at a lane of which a turn has ended. */
export const makePuttingAway = (options: PuttingAwayOptions): ((laneId: string) => void) => {
  const { store, clock, log } = options

  // A turn of its message, or of a retry of it; there is none where the message was refused.
  const isOfMessage = ({ threadId, latestTurnId, callId }: LaneRow): boolean => {
    if (latestTurnId === null) return true
    const messages = store.deliveries.ofTurn(threadId, latestTurnId)
    // A turn that Codex began for its message and lost with it: that of a person has words of theirs.
    if (messages.length === 0 && store.deliveries.get(callId)?.state === 'failed')
      return store.items.lastOfTurn(threadId, latestTurnId, 'userMessage') === null
    return messages.length > 0 && messages.every(({ id }) => originOf(store, id) === callId)
  }

  const isToGo = (laneId: string): boolean => {
    const lane = store.lanes.get(laneId)
    if (!lane || lane.archivedAt !== null || lane.ephemeral) return false
    if (!store.triggerRuns.isToPutAway(lane.callId) || !isOfMessage(lane)) return false
    // One that nobody can judge is a person's.
    const unsettled = store.deliveries.unsettled(laneId)
    if (unsettled.some(({ state }) => state === 'ambiguous')) return false
    return !isLaneBusy(lane, unsettled)
  }

  const putAway = async (laneId: string): Promise<void> => {
    try {
      await options.archive(
        { lane: laneId },
        {
          id: options.newId(),
          caller: 'trigger',
          cwd: '/',
          zone: 'UTC',
          threadId: null,
          after: null,
          signal: never,
        },
      )
      const lane = store.lanes.get(laneId)
      if (lane) store.triggerRuns.putAway(lane.callId, clock.now())
    } catch (error) {
      // Somebody has given it more to do.
      log.info('trigger.lane-kept', { thread: laneId, error })
    }
  }

  return (laneId) => {
    if (isToGo(laneId)) void putAway(laneId)
  }
}

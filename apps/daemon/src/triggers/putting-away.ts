// Archives a lane that a trigger made, once the turn of its message has ended, or is to be had no more.
// Read from the registry, so that it is done also where another daemon saw the turn begin. Once a lane,
// which the registry keeps in the commit that archives it: one that a person has back, or has given more
// to do, is that person's.
import type { DaemonServices } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Log } from '../log/log.ts'
import { originOf } from './causes.ts'
import { isLaneBusy } from './rest.ts'

/** What it needs. */
export type PuttingAwayOptions = {
  store: Store
  log: Log
  newId: () => string
  archive: DaemonServices['archive']
}

const never = new AbortController().signal

/** Looks at a lane of which a turn has ended, or a message was settled. */
export const makePuttingAway = (options: PuttingAwayOptions): ((laneId: string) => void) => {
  const { store, log } = options
  const underWay = new Set<string>()

  // Codex began it and was lost before it had the message: a turn with nobody's message in it. Those of
  // a goal have none either, and are a person's.
  const isCutShort = ({ threadId, callId }: LaneRow, turnId: string): boolean => {
    if (store.items.lastOfTurn(threadId, turnId, 'userMessage') !== null) return false
    if (store.goals.get(threadId) !== null) return false
    const [newest] = store.deliveries.list({ threadId, state: null, limit: 1, before: null })
    return newest?.state === 'failed' && originOf(store, newest.id) === callId
  }

  // A turn of its message, or of a retry of it; there is none where the message was refused.
  const isOfMessage = (lane: LaneRow): boolean => {
    const { threadId, latestTurnId, callId } = lane
    if (latestTurnId === null) return true
    const messages = store.deliveries.ofTurn(threadId, latestTurnId)
    if (messages.length === 0) return isCutShort(lane, latestTurnId)
    return messages.every(({ id }) => originOf(store, id) === callId)
  }

  const isToGo = (laneId: string): boolean => {
    const lane = store.lanes.get(laneId)
    if (underWay.has(laneId)) return false
    if (!lane || lane.archivedAt !== null || lane.ephemeral) return false
    if (!store.triggerRuns.isToPutAway(lane.callId) || !isOfMessage(lane)) return false
    // One that nobody can judge is a person's.
    const unsettled = store.deliveries.unsettled(laneId)
    if (unsettled.some(({ state }) => state === 'ambiguous')) return false
    return !isLaneBusy(lane, unsettled)
  }

  const putAway = async (laneId: string): Promise<void> => {
    underWay.add(laneId)
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
    } catch (error) {
      // Somebody has given it more to do.
      log.info('trigger.lane-kept', { thread: laneId, error })
    } finally {
      underWay.delete(laneId)
    }
  }

  return (laneId) => {
    if (isToGo(laneId)) void putAway(laneId)
  }
}

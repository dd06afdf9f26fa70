// Archives a lane that a trigger made, once the turn of its message has ended. Read from the registry,
// so that it is done also where another daemon saw the turn begin.
import type { DaemonServices } from '@dispatch/contract'
import type { Store } from '@dispatch/store'
import type { Log } from '../log/log.ts'
import { isLaneBusy } from './rest.ts'

/** What it needs. */
export type PuttingAwayOptions = {
  store: Store
  log: Log
  newId: () => string
  archive: DaemonServices['archive']
}

const never = new AbortController().signal

/** Looks at a lane of which a turn has ended. */
export const makePuttingAway = (options: PuttingAwayOptions): ((laneId: string) => void) => {
  const { store, log } = options

  const isToGo = (laneId: string): boolean => {
    const lane = store.lanes.get(laneId)
    if (!lane || lane.archivedAt !== null || lane.ephemeral) return false
    if (store.triggerRuns.get(lane.callId)?.mode !== 'new') return false
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
    } catch (error) {
      // Somebody has given it more to do: its next turn ends, too.
      log.info('trigger.lane-kept', { thread: laneId, error })
    }
  }

  return (laneId) => {
    if (isToGo(laneId)) void putAway(laneId)
  }
}

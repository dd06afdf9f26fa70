// wait: until lanes are where one wants them. Asks again after every commit that touches one of them.
import type { Call, ErrorBody, WaitInput, WaitResult } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import { approvalVerdict, laneOutcome, timeoutVerdict, turnVerdict } from './outcome.ts'

/** What it needs. */
export type WaitOptions = { store: Store; changes: LaneChanges }

const verdict = (result: Omit<WaitResult, 'error'>, input: WaitInput): ErrorBody | null => {
  const until = input.until ?? 'done'
  const wanted = until === 'failed' || until === 'approval' || until === 'idle'
  if (wanted && result.met) return null
  // Of lanes of which one is enough, those count that are there.
  const counted = input.any && result.met ? result.lanes.filter(({ met }) => met) : result.lanes
  const asked = counted.find(({ outcome }) => outcome === 'approval')
  if (asked && until !== 'idle') return approvalVerdict(asked)
  if (!result.met) return timeoutVerdict(input.timeoutSeconds ?? 0, result.lanes)
  for (const lane of counted) {
    const bad = lane.outcome === 'failed' || lane.outcome === 'interrupted'
    if (bad && lane.turn) return turnVerdict(lane, lane.turn)
  }
  return null
}

/** Waits for lanes. */
export const makeWait =
  ({ store, changes }: WaitOptions) =>
  async (lanes: readonly LaneRow[], input: WaitInput, call: Call): Promise<WaitResult> => {
    const until = input.until ?? 'done'
    const ids = lanes.map(({ threadId }) => threadId)

    const look = (): Omit<WaitResult, 'error'> => {
      const now = lanes.map((lane) =>
        laneOutcome(store, store.lanes.get(lane.threadId) ?? lane, until),
      )
      const met = input.any ? now.some((lane) => lane.met) : now.every((lane) => lane.met)
      return { met, lanes: now }
    }

    // What was waited for was there, even where it is gone when its waiter wakes.
    let seen: Omit<WaitResult, 'error'> | null = null
    const isOver = (): boolean => {
      const now = look()
      // Who waits for an end must hear that a person is asked.
      const isThere =
        now.met || (until === 'done' && now.lanes.some(({ outcome }) => outcome === 'approval'))
      if (isThere) seen = now
      return isThere
    }

    const { timeoutSeconds } = input
    const timeoutMs = timeoutSeconds === undefined ? null : timeoutSeconds * 1000
    await changes.until(ids, isOver, { signal: call.signal, timeoutMs })
    const result = seen ?? look()
    return { ...result, error: verdict(result, input) }
  }

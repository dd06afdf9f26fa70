// Plays one lane of a scenario: makes it, waits for its turn, and collects what dispatch says of it.
import type { DispatchClient } from '@dispatch/client'
import type { LaneDetail, ListResult, NewResult, TailResult, WaitResult } from '@dispatch/contract'
import { type DispatchError, toDispatchError } from '@dispatch/contract/errors'
import type { ScenarioLane } from '@dispatch/contract/scenario-file'
import type { Choice } from './model.ts'

/** What came of a lane; null for what was not reached. */
export type Played = {
  lane: ScenarioLane
  made: NewResult | null
  waited: WaitResult | null
  said: { list: ListResult; get: LaneDetail; tail: TailResult } | null
  /** What dispatch refused. */
  error: DispatchError | null
}

/** What lanes are played with. */
export type Stage = {
  client: DispatchClient
  cwd: string
  choice: Choice
  /** Seconds that are left. */
  left(): number
  signal: AbortSignal
}

const ITEMS = 1_000

/** Plays it; rejects only where the caller gives up. */
export const playLane = async (lane: ScenarioLane, stage: Stage): Promise<Played> => {
  const { client, cwd, choice, left, signal } = stage
  const { api } = client
  const played: Played = { lane, made: null, waited: null, said: null, error: null }
  try {
    const name = lane.name ?? lane.alias
    const made = await api.new({ name, text: lane.prompt, cwd, ...choice }, { signal })
    played.made = made
    const one = { lane: made.id }
    const waited = await api.wait({ lanes: [made.id], timeoutSeconds: left() }, { signal })
    played.waited = waited
    // Of a turn that has not ended, what is said now may be otherwise a moment later.
    if (!waited.met && waited.lanes[0]?.outcome !== 'failed') return played
    const [list, get, tail] = await Promise.all([
      api.list({ limit: ITEMS }, { signal }),
      api.get(one, { signal }),
      api.tail({ ...one, limit: ITEMS }, { signal }),
    ])
    return { ...played, said: { list, get, tail } }
  } catch (error) {
    signal.throwIfAborted()
    return { ...played, error: toDispatchError(error) }
  }
}

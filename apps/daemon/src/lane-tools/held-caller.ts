// Which lane a call is held to: that of an agent that calls its own tools, and that of one that calls over
// MCP. The thread of such a call is a claim, and one that only narrows can be believed. Everybody else's
// calls, of people and of threads that are no own lanes, are held to nothing.
import { type Call, DispatchError } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'

/** The lane that a call is held to, or null. */
export type HeldCaller = (call: Call) => Promise<LaneRow | null>

/** Makes the finding of it. */
export const makeHeldCaller = (options: {
  store: Pick<Store, 'lanes'>
  /** The lane that started a thread, as a sub-agent of Codex; null where none did, or nothing can tell. */
  laneAbove: (threadId: string) => Promise<LaneRow | null>
}): HeldCaller => {
  const { store, laneAbove } = options
  return async ({ caller, threadId }) => {
    if ((caller !== 'lane' && caller !== 'mcp') || threadId === null) return null
    const lane = store.lanes.get(threadId) ?? (caller === 'mcp' ? await laneAbove(threadId) : null)
    if (caller === 'mcp') return lane?.source === 'own' ? lane : null
    if (lane) return lane
    throw new DispatchError('not_found', 'The lane that asks is no lane any more.')
  }
}

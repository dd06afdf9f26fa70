// New lanes of agents: held to what the agent's own lane may do, and counted below it. New lanes of others are
// left as they are.
import { type Call, type DaemonConfig, DispatchError, type NewInput } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { realPathOf } from '../config/read-source.ts'
import type { LaneDraft } from '../lanes/lane-draft.ts'
import { laneToAccess } from './access.ts'
import { plannedToChild } from './child-access.ts'

/** A lane before it is made, as it may be made, and what its caller should know. */
export type Held = { draft: LaneDraft; notes: string[] }

/** Holds a new lane to what its caller may do; throws `authority`. */
export type HoldChild = (draft: LaneDraft, input: NewInput, call: Call) => Held

/** Makes it. */
export const makeHoldChild = (options: {
  store: Store
  configuration: { daemon(): DaemonConfig }
}): HoldChild => {
  const { store, configuration } = options

  const callerOf = ({ threadId }: Call): LaneRow => {
    const lane = threadId === null ? null : store.lanes.get(threadId)
    if (lane) return lane
    throw new DispatchError('not_found', 'The lane that asks is no lane any more.')
  }

  return (draft, input, call) => {
    if (call.caller !== 'lane') return { draft, notes: [] }
    const lane = callerOf(call)
    const { threadId, activeTurnId, depth } = lane
    const messages = activeTurnId === null ? [] : store.deliveries.ofTurn(threadId, activeTurnId)
    const overrides = messages.map((message) => message.overrides)
    const { notes, ...held } = plannedToChild(draft, {
      parent: laneToAccess(lane, overrides, configuration.daemon().policy),
      asked: new Set(Object.keys(input)),
      real: realPathOf,
    })
    return { draft: { ...draft, ...held, parent: { threadId, depth: depth + 1 } }, notes }
  }
}

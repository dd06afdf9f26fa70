// New lanes of agents: held to what the agent's own lane may do, and counted below it. New lanes of others are
// left as they are.
import type { Call, DaemonConfig, NewInput } from '@dispatch/contract'
import type { CreationDraft, LaneRow, Store } from '@dispatch/store'
import { realPathOf } from '../config/read-source.ts'
import type { LaneDraft } from '../lanes/lane-draft.ts'
import { type Access, laneToAccess } from './access.ts'
import { plannedToChild } from './child-access.ts'
import type { HeldCaller } from './held-caller.ts'
import { laneToFork } from './widening.ts'

/** A lane before it is made, as it may be made, and what its caller should know. */
export type Held = { draft: LaneDraft; notes: string[] }

/** Holds a new lane to what its caller may do; throws `authority`. */
export type HoldChild = (draft: LaneDraft, input: NewInput, call: Call) => Promise<Held>

/** Holds a fork of a lane to what its caller may do; throws `authority`. */
export type HoldFork = (draft: CreationDraft, of: LaneRow, call: Call) => Promise<CreationDraft>

type HoldOptions = {
  store: Pick<Store, 'deliveries'>
  configuration: { daemon(): DaemonConfig }
  heldCaller: HeldCaller
}

/** What a lane may do now: a turn that was sent with less counts. */
export const accessOf = (
  { store, configuration }: Pick<HoldOptions, 'store' | 'configuration'>,
  lane: LaneRow,
): Access => {
  const { threadId, activeTurnId } = lane
  const messages = activeTurnId === null ? [] : store.deliveries.ofTurn(threadId, activeTurnId)
  const overrides = messages.map((message) => message.overrides)
  return laneToAccess(lane, overrides, configuration.daemon().policy)
}

const childOf = ({ threadId, rootId, depth }: LaneRow) => ({
  parent: { threadId, rootId: rootId ?? threadId, depth: depth + 1 },
})

/** Makes it. */
export const makeHoldChild =
  (options: HoldOptions): HoldChild =>
  async (draft, input, call) => {
    const lane = await options.heldCaller(call)
    if (lane === null) return { draft, notes: [] }
    const { notes, ...access } = plannedToChild(draft, {
      parent: accessOf(options, lane),
      asked: new Set(Object.keys(input)),
      real: realPathOf,
    })
    // With a goal it would start turns for ever, and no bound would count them. Over MCP none does anyway.
    const goal = call.caller === 'lane' ? null : draft.goal
    const noGoal =
      draft.goal === goal ? [] : ['goal of the configuration is not set: that is for a person.']
    return {
      draft: { ...draft, ...access, goal, ...childOf(lane) },
      notes: [...notes, ...noGoal],
    }
  }

/** Makes it for forks. */
export const makeHoldFork =
  (options: HoldOptions): HoldFork =>
  async (draft, of, call) => {
    const lane = await options.heldCaller(call)
    if (lane === null) return draft
    const policy = options.configuration.daemon().policy
    const access = laneToFork(of, { parent: accessOf(options, lane), real: realPathOf, policy })
    return { ...draft, ...access, ...childOf(lane) }
  }

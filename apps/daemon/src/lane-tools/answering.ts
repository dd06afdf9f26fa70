// Answers one call of an agent: its tool and input, its bounds, the op in the name of the lane, and what came
// of it. The id of the call follows from Codex's own, so that one that is asked again, by whichever daemon,
// writes nothing twice.
import {
  type Call,
  type DaemonConfig,
  DispatchError,
  errorToBody,
  toDispatchError,
} from '@dispatch/contract'
import { isDestroying } from '@dispatch/contract/destroying'
import type { LaneRow, Store } from '@dispatch/store'
import {
  answerInWords,
  type Called,
  errorInWords,
  type LaneTool,
  type Listener,
  type Offer,
  type Routed,
  routeCall,
  unconfirmed,
} from '@dispatch/tools'
import type { Audit } from '../audit/audit.ts'
import type { ToolAnswer, ToolCall } from '../codex/asked.ts'
import { causeToId } from '../deliveries/derived-id.ts'
import { answerToText } from './answer-text.ts'
import { type Attempt, attemptToRefusal } from './bounds.ts'
import type { MessageRate } from './message-rate.ts'
import { fieldOf, type Input, makeNamedLanes, type NamedLanesOptions } from './named-lanes.ts'

/** Carries an op out; throws `DispatchError`. */
export type Perform = (op: string, input: unknown, call: Call) => Promise<unknown>

/** What it needs. */
export type AnsweringOptions = NamedLanesOptions & {
  store: Store
  audit: Audit
  configuration: { daemon(): DaemonConfig }
  perform: Perform
  rate: MessageRate
  offer: Offer
}

/** A call with its tool and the lane in whose name it is made. */
export type Asking = { lane: LaneRow; tool: LaneTool; asked: ToolCall }

const TIME_DIGITS = 12

// Codex's ids of turns are UUIDv7s: what a call makes sorts by the time of its turn.
const toCallId = ({ threadId, turnId, callId }: ToolCall): string => {
  const at = Number.parseInt(turnId.replaceAll('-', '').slice(0, TIME_DIGITS), 16)
  return causeToId(`lane-tool/${threadId}/${turnId}/${callId}`, Number.isNaN(at) ? 0 : at)
}

const toArguments = (given: unknown): Input => {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Input
  if (given === null || given === undefined) return {}
  throw new DispatchError('validation', 'The arguments of a tool are an object.')
}

/** Makes it; what it gives never throws. */
export const makeAnswering = (options: AnsweringOptions) => {
  const { store, audit, configuration, rate, waiting } = options
  const named = makeNamedLanes(options)
  const config = () => configuration.daemon().lane_tools

  const opsNow = (): readonly string[] => config().ops ?? options.offer.usual

  const refuseSwitchedOff = ({ op, entry }: LaneTool): void => {
    const { enabled } = config()
    if (enabled && opsNow().includes(op.path)) return
    const why = enabled ? `ops does not name ${op.path}` : 'enabled = false'
    throw new DispatchError(
      'authority',
      `${entry.tool.name} is switched off ([lane_tools] ${why}).`,
      {
        details: { bound: enabled ? 'ops' : 'enabled' },
      },
    )
  }

  // Nobody stands at a tool: how long it waits is bounded.
  const withTimeout = (tool: LaneTool, input: Input): Input => {
    const field = fieldOf(tool, 'timeoutSeconds')
    if (!field || (field.needs !== undefined && input[field.needs] !== true)) return input
    const { wait_seconds: most } = config()
    const given = input['timeoutSeconds']
    return { ...input, timeoutSeconds: typeof given === 'number' && given < most ? given : most }
  }

  // Lanes that are being made count too, or two calls at once would make one too many.
  const making = new Map<string, LaneRow>()
  const makers = (): LaneRow[] =>
    [...making].flatMap(([callId, by]) => (store.lanes.byCallId(callId) === null ? [by] : []))
  const rootOf = ({ rootId, threadId }: LaneRow): string => rootId ?? threadId

  const standingOf = (lane: LaneRow): Attempt['caller'] => {
    const { threadId, depth } = lane
    const begun = makers()
    const root = rootOf(lane)
    return {
      threadId,
      depth,
      children:
        store.lanes.childrenOf(threadId) + begun.filter((by) => by.threadId === threadId).length,
      below: store.lanes.below(root) + begun.filter((by) => rootOf(by) === root).length,
    }
  }

  const isKnown = (callId: string): boolean =>
    store.deliveries.get(callId) !== null || store.creations.get(callId) !== null

  /** The call as it may be made; throws why it may not. */
  const judge = ({ lane, tool }: Asking, routed: Routed, call: Call) => {
    const { bound } = tool.meta
    if (isDestroying({ intent: tool.op.meta.intent, input: routed.input }) && !routed.confirmed) {
      throw unconfirmed(routed, null)
    }
    const { input, targets } = named(tool, withTimeout(tool, routed.input), lane)
    const { threadId } = lane
    // The first message of a new lane may also be that of a preset.
    const sends = bound === 'sends' || bound === 'makes'
    const waits = bound === 'waits' || input['wait'] === true
    // Ids of calls are the model's: whom an op is done to is judged also where the id is known.
    const isBegun = isKnown(call.id)
    const refusal = attemptToRefusal(
      {
        bound,
        caller: standingOf(lane),
        targets,
        mode: typeof input['mode'] === 'string' ? input['mode'] : 'send',
        sends,
        waits,
        messages: rate.count(threadId, call.id),
        isBegun,
      },
      config(),
    )
    if (refusal) throw refusal
    if (sends && !isBegun) rate.add(threadId, call.id)
    const awaited = (): string[] => {
      if (!waits) return []
      const made = bound === 'makes' ? store.lanes.byCallId(call.id) : null
      return [...targets, ...(made ? [made] : [])].map((target) => target.threadId)
    }
    return { input, awaited }
  }

  const refusing = (asking: Asking, call: Call, error: DispatchError): void => {
    if (error.code !== 'authority' && error.details?.['bound'] === undefined) return
    audit.record({
      op: asking.tool.op.path,
      actor: 'lane',
      lane: asking.lane,
      outcome: error.code,
      detail: { callId: call.id, callerThread: asking.lane.threadId, ...error.details },
    })
  }

  const route = ({ lane, tool, asked }: Asking): Routed => {
    refuseSwitchedOff(tool)
    return routeCall(tool.entry, toArguments(asked.arguments), lane.cwd)
  }

  // What a bound refuses is on record; what the op itself refuses it records.
  const recorded = <T>(asking: Asking, call: Call, judged: () => T): T => {
    try {
      return judged()
    } catch (thrown) {
      refusing(asking, call, toDispatchError(thrown))
      throw thrown
    }
  }

  // No shell of a lane reaches dispatch: of commands its agent can do those that are tools of it.
  const listenerOf = ({ laneTools }: LaneRow): Listener => ({
    entries: options.offer.of(laneTools ?? []).map(({ entry }) => entry),
    lacksShell: true,
  })

  const perform = async (asking: Asking, routed: Routed, call: Call): Promise<ToolAnswer> => {
    const { lane, tool } = asking
    const { input, awaited } = recorded(asking, call, () => judge(asking, routed, call))
    if (tool.meta.bound === 'makes') making.set(call.id, lane)
    using _waiting = waiting.begin(lane.threadId, awaited)
    try {
      const answer = await options.perform(tool.op.path, input, call)
      const { error = null } = answer as { error?: unknown }
      const said = answerInWords(answer, routed, listenerOf(lane))
      return { success: error === null, text: answerToText(said) }
    } finally {
      making.delete(call.id)
    }
  }

  return async (asking: Asking, signal: AbortSignal): Promise<ToolAnswer> => {
    const { lane, tool, asked } = asking
    const { cwd, threadId } = lane
    const id = toCallId(asked)
    const call: Call = { id, caller: 'lane', cwd, zone: 'UTC', threadId, after: null, signal }
    try {
      const routed = recorded(asking, call, () => route(asking))
      return await perform(asking, routed, call)
    } catch (thrown) {
      const called: Called = { op: tool.op, what: tool.entry.tool.name, nameOf: (key) => key }
      const error = errorInWords(toDispatchError(thrown), called, listenerOf(lane))
      return { success: false, text: answerToText({ error: errorToBody(error) }) }
    }
  }
}

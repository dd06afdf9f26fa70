// The ops as an agent may call them over MCP: one that runs in an own lane is held to what that lane may do,
// as with the tools of lanes. Reading and sending are left alone, new lanes are held where they are made
// (children.ts); here is what would give a lane more. Calls of everybody else go through untouched.
import {
  type Call,
  type DaemonConfig,
  type DaemonServices,
  DispatchError,
} from '@dispatch/contract'
import { settingOfFlag, type TurnSettings } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import { realPathOf } from '../config/read-source.ts'
import { fieldsToSettings } from '../lanes/lane-draft.ts'
import { requestOf } from '../requests/find-request.ts'
import { triggerOf } from '../triggers/find-trigger.ts'
import { overridesOf } from '../turns/sending.ts'
import { answerToRefusal } from './answering-others.ts'
import { accessOf } from './children.ts'
import type { HeldCaller } from './held-caller.ts'
import { type Change, refuseWidening } from './widening.ts'

type HeldOptions = {
  store: Store
  resolve: (selector: string, mode?: { archived: boolean }) => LaneRow
  audit: Audit
  configuration: { daemon(): DaemonConfig }
  /** A message that waits. */
  waiting: (id: string) => DeliveryRow
  heldCaller: HeldCaller
}

type Op<Input, Answer> = (input: Input, call: Call) => Answer | Promise<Answer>

/** The input as it is acted on, with ids for names: what was judged is what is done. Throws why it may not be. */
type Judge<Input> = (input: Input, caller: LaneRow, call: Call) => Input

const forPerson = (what: string, bound: string): DispatchError =>
  new DispatchError('authority', `An agent in a lane does not ${what}.`, {
    hint: 'A person can do it on the command line.',
    details: { bound },
  })

/** Holds them. */
export const holdServices = (services: DaemonServices, options: HeldOptions): DaemonServices => {
  const { store, audit, configuration, heldCaller, resolve } = options

  // What goes through is recorded by the op itself.
  const recorded = async <T>(path: string, call: Call, judged: () => T): Promise<T> => {
    try {
      return judged()
    } catch (refusal) {
      return await audit.run(path, call, () => Promise.reject(refusal))
    }
  }

  const holding =
    <Input, Answer>(path: string, op: Op<Input, Answer>, judge: Judge<Input>): Op<Input, Answer> =>
    async (input, call) => {
      const caller = call.caller === 'mcp' ? await heldCaller(call) : null
      if (caller === null) return await op(input, call)
      return await op(await recorded(path, call, () => judge(input, caller, call)), call)
    }

  const refuseMore = (lane: LaneRow, change: Change, caller: LaneRow): void =>
    refuseWidening(lane, change, {
      parent: accessOf(options, caller),
      real: realPathOf,
      policy: configuration.daemon().policy,
    })

  // A name may be another lane's by the time it is acted on, so a lane is judged and named by its id.
  const sentTo = (selector: string, input: TurnSettings, caller: LaneRow): string => {
    const given = overridesOf(input)
    if (Object.keys(given).length === 0) return selector
    const lane = resolve(selector)
    refuseMore(lane, { given, unset: [] }, caller)
    return lane.threadId
  }

  const kept = (what: string) => (input: { lane: string }) => {
    const lane = resolve(input.lane, { archived: true })
    if (lane.source === 'own') throw forPerson(what, 'hold')
    return { ...input, lane: lane.threadId }
  }

  const atLane =
    <Input extends { cwd?: string | undefined }, Answer>(
      op: Op<Input, Answer>,
    ): Op<Input, Answer> =>
    async (input, call) => {
      const caller = call.caller === 'mcp' ? await heldCaller(call) : null
      return await op(input, caller === null ? call : { ...call, cwd: caller.cwd })
    }

  const answered =
    (decides: 'answers' | 'denies') =>
    <Input extends { id: string }>(input: Input, caller: LaneRow, call: Call): Input => {
      const { id, laneId } = requestOf({ store, named: resolve }, input.id, call)
      const lane = laneId === null ? null : store.lanes.get(laneId)
      const access = accessOf(options, caller)
      const above = (at: LaneRow): LaneRow | null => store.lanes.get(at.parentId ?? '')
      const refusal = answerToRefusal({ decides, lane, caller, access, above })
      if (refusal) throw refusal
      return { ...input, id }
    }

  const { request, trigger, config, queue } = services
  const noNewLanes = 'set up triggers that make lanes'
  return {
    ...services,
    new: atLane(services.new),
    run: atLane(services.run),
    send: holding('send', services.send, (input, caller) => ({
      ...input,
      lane: sentTo(input.lane, input, caller),
    })),
    sendTo: holding('sendTo', services.sendTo, (input, caller) => ({
      ...input,
      to: input.to.map((selector) => sentTo(selector, input, caller)),
    })),
    set: holding('set', services.set, (input, caller) => {
      const lane = resolve(input.lane)
      const unset = (input.unset ?? []).flatMap((flag) => settingOfFlag.get(flag) ?? [])
      refuseMore(lane, { given: fieldsToSettings(input), unset }, caller)
      return { ...input, lane: lane.threadId }
    }),
    adopt: holding('adopt', services.adopt, () => {
      throw forPerson('adopt threads', 'adopt')
    }),
    // A thread that is no own lane any more is held to nothing.
    release: holding('release', services.release, kept('release lanes')),
    detach: holding('detach', services.detach, kept('detach lanes')),
    config: {
      trust: holding('config.trust', config.trust, () => {
        throw forPerson('trust configurations', 'trust')
      }),
    },
    queue: {
      ...queue,
      // Its settings are its sender's, and would go with words that are not.
      edit: holding('queue.edit', queue.edit, (input, caller) => {
        const { id, threadId, overrides } = options.waiting(input.message)
        const lane = store.lanes.get(threadId)
        if (lane) refuseMore(lane, { given: overrides, unset: [] }, caller)
        return { ...input, message: id }
      }),
    },
    trigger: {
      ...trigger,
      add: holding('trigger.add', trigger.add, (input) => {
        if (input.action === 'new') throw forPerson(noNewLanes, 'trigger')
        return input
      }),
      edit: holding('trigger.edit', trigger.edit, (input) => {
        const { id, action } = triggerOf(store, input.trigger)
        if (action === 'new' || input.action === 'new') throw forPerson(noNewLanes, 'trigger')
        return { ...input, trigger: id }
      }),
    },
    request: {
      ...request,
      approve: holding('request.approve', request.approve, answered('answers')),
      deny: holding('request.deny', request.deny, answered('denies')),
      respond: holding('request.respond', request.respond, answered('answers')),
    },
  }
}

// The room of what agents in lanes can do with dispatch: which tools they get, and how their calls are
// answered. Everything that is done goes through the ops themselves.
import type { DaemonConfig } from '@dispatch/contract'
import type { ManifestOp } from '@dispatch/contract/manifest'
import type { LaneRow, Store } from '@dispatch/store'
import { type Offer, opsToOffer, type ToolSpec } from '@dispatch/tools'
import type { Clock } from '../clock/clock.ts'
import type { Refused, ToolAnswer, ToolCall } from '../codex/asked.ts'
import type { Log } from '../log/log.ts'
import { type AnsweringOptions, makeAnswering } from './answering.ts'
import { type HoldChild, type HoldFork, makeHoldChild, makeHoldFork } from './children.ts'
import type { HeldCaller } from './held-caller.ts'
import { makeMessageRate } from './message-rate.ts'
import { makeOpenCalls } from './open-calls.ts'
import { makeWaiting } from './waiting.ts'

/** The tools of new lanes. */
export type NewLaneTools = {
  /** Ops whose tools a new lane gets; undefined where it gets none. */
  offered(): string[] | undefined
  specsOf(ops: readonly string[]): ToolSpec[]
  hold: HoldChild
  holdFork: HoldFork
}

/** The room. */
export type LaneTools = Disposable & {
  forNew: NewLaneTools
  /** Answers a call of Codex; never rejects, and stays unanswered where it is not ours to answer. */
  called(call: ToolCall): Promise<ToolAnswer>
  /** The lane's turn ended, or another began. */
  turned(threadId: string): void
  drained(): Promise<void>
}

type LaneToolsOptions = Omit<AnsweringOptions, 'offer' | 'rate' | 'waiting'> & {
  store: Store
  clock: Clock
  log: Log
  configuration: { daemon(): DaemonConfig }
  /** The ops whose meta offers them; asked for once, when the first tool is needed. */
  ops: () => readonly ManifestOp[]
  /** The lane that a call is held to. */
  heldCaller: HeldCaller
  /** Whether another client may have joined the App Server. */
  mayBeShared: () => boolean
  refused: (refused: Refused) => void
  /** Writes what Codex said before it called. */
  drain: () => void
}

const noTool: ToolAnswer = { success: false, text: 'This tool is not available.' }

/** Makes the room. */
export const makeLaneTools = (options: LaneToolsOptions): LaneTools => {
  const { store, configuration, log } = options
  const calls = makeOpenCalls()
  let made: { offer: Offer; answer: ReturnType<typeof makeAnswering> } | null = null

  const parts = () => {
    if (made) return made
    const offer = opsToOffer(options.ops())
    const rate = makeMessageRate(options)
    const waiting = makeWaiting()
    made = { offer, answer: makeAnswering({ ...options, rate, waiting, offer }) }
    return made
  }

  // A registry that cannot be written for now: the op itself says so.
  const heardSoFar = (): void => {
    try {
      options.drain()
    } catch (error) {
      log.warn('lane-tools.not-drained', { error })
    }
  }

  const refuse = async (call: ToolCall, lane: LaneRow | null): Promise<ToolAnswer> => {
    const { rpcId, threadId } = call
    options.refused({ rpcId, method: 'item/tool/call', threadId, why: 'no such tool' })
    // A tool of another client's is answered by that one; a lane of ours waits for nobody else.
    const isForOther = lane?.source !== 'own' && options.mayBeShared()
    return isForOther ? await new Promise<never>(() => {}) : noTool
  }

  return {
    forNew: {
      offered: () => {
        const { enabled, ops } = configuration.daemon().lane_tools
        const offered = enabled ? [...(ops ?? parts().offer.usual)] : []
        return offered.length === 0 ? undefined : offered
      },
      specsOf: (ops) => parts().offer.specsOf(ops),
      hold: makeHoldChild(options),
      holdFork: makeHoldFork(options),
    },
    called: async (asked) => {
      heardSoFar()
      // Sub-agents are given no tools of ours.
      const lane = store.lanes.get(asked.threadId)
      const tool = parts().offer.byName(asked.tool)
      if (lane?.source !== 'own' || tool === null) return await refuse(asked, lane)
      return await calls.run(asked, (signal) => parts().answer({ lane, tool, asked }, signal))
    },
    turned: (threadId) => calls.turnIs(threadId, store.lanes.get(threadId)?.activeTurnId ?? null),
    drained: () => calls.drained(),
    [Symbol.dispose]: () => calls[Symbol.dispose](),
  }
}

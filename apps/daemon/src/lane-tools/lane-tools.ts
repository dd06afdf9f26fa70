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
import { type HoldChild, makeHoldChild } from './children.ts'
import { makeMessageRate } from './message-rate.ts'
import { makeOpenCalls } from './open-calls.ts'
import { makeWaiting } from './waiting.ts'

/** The tools of new lanes. */
export type NewLaneTools = {
  /** Ops whose tools a new lane gets; undefined where it gets none. */
  offered(): string[] | undefined
  specsOf(ops: readonly string[]): ToolSpec[]
  hold: HoldChild
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
  /** The lane that a sub-agent's thread belongs to. */
  ownerOf: (threadId: string) => Promise<LaneRow | null>
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
    const rate = makeMessageRate(options.clock)
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

  const laneOf = async (threadId: string): Promise<LaneRow | null> => {
    const lane = store.lanes.get(threadId)
    if (lane) return lane
    try {
      return await options.ownerOf(threadId)
    } catch (error) {
      log.warn('lane-tools.owner-unknown', { thread: threadId, error: String(error) })
      return null
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
    },
    called: async (asked) => {
      heardSoFar()
      const lane = await laneOf(asked.threadId)
      const tool = parts().offer.byName(asked.tool)
      if (lane?.source !== 'own' || tool === null) return await refuse(asked, lane)
      const { threadId, turnId, callId } = asked
      const key = { laneId: lane.threadId, threadId, turnId, callId }
      return await calls.run(key, (signal) => parts().answer({ lane, tool, asked }, signal))
    },
    turned: (threadId) => calls.turnIs(threadId, store.lanes.get(threadId)?.activeTurnId ?? null),
    drained: () => calls.drained(),
    [Symbol.dispose]: () => calls[Symbol.dispose](),
  }
}

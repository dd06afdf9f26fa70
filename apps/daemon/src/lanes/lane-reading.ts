// The ops that read lanes, and what came of a call. What follows a lane is in lane-service.ts.
import type { Call, DaemonServices, LaneIndex, LaneSummary, TraceResult } from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { WriterLocks } from '../codex/writer-locks.ts'
import { laneCallIdOf, laneCallPrefixOf } from '../deliveries/derived-id.ts'
import { laneToQueue } from '../deliveries/queue-view.ts'
import { rowToReceipt } from '../deliveries/receipt.ts'
import { rowToGoal } from '../goals/goal-view.ts'
import { rowToRequest } from '../requests/request-view.ts'
import type { Tail } from '../turns/tail.ts'
import { resolveLane } from './lane-resolver.ts'
import { parentOf, rowToIdentity, rowToLaneTools, rowToSummary } from './lane-view.ts'

/** What they need. */
export type LaneReadingOptions = {
  store: Store
  locks: WriterLocks
  /** How far query knows a lane. */
  indexOf: (threadId: string) => LaneIndex
  tail: Tail
}

const LIST_LIMIT = 50
const BEGINNING_MAX = 200
/** Lanes that one message goes to at most. */
const LANES_MAX = 1_000
const TRANSCRIPT_ITEMS = 20

// Variables may be secrets of that lane; an agent in another one is given none of them.
const settingsFor = ({ threadId, settings }: LaneRow, call: Call): LaneRow['settings'] => {
  const { env, ...rest } = settings
  if (env === undefined || call.caller !== 'lane' || call.threadId === threadId) return settings
  return { ...rest, env: Object.fromEntries(Object.keys(env).map((name) => [name, '(set)'])) }
}

/** Those ops. */
export type LaneReading = Pick<DaemonServices, 'lanesBeginning' | 'list' | 'get' | 'trace'>

/** Makes them. */
export const makeLaneReading = (options: LaneReadingOptions): LaneReading => {
  const { store, tail } = options

  /** Where the message of a call to several lanes was taken. */
  const messagesOf = (callId: string): TraceResult['messages'] =>
    store.deliveries.byIdPrefix(laneCallPrefixOf(callId), LANES_MAX).flatMap((row) => {
      if (row.id !== laneCallIdOf(callId, row.threadId)) return []
      const lane = store.lanes.get(row.threadId)
      return lane ? [{ lane: rowToIdentity(lane), delivery: rowToReceipt(row) }] : []
    })

  // Nobody but us can hold a thread that is in nobody's history.
  const markElsewhere = async <T extends LaneSummary>(lanes: readonly T[]): Promise<T[]> => {
    const open = lanes.filter(({ status, ephemeral }) => status !== 'archived' && !ephemeral)
    const holders = await options.locks.allElsewhere(open.map(({ id }) => id))
    return lanes.map((lane) =>
      holders.has(lane.id) ? { ...lane, flags: { ...lane.flags, runningElsewhere: true } } : lane,
    )
  }

  return {
    lanesBeginning: ({ word, limit = BEGINNING_MAX }) => ({
      lanes: store.lanes.beginningWith(word.normalize('NFC'), limit).map(rowToIdentity),
    }),

    list: async (input) => {
      const page = store.lanes.list({
        limit: input.limit ?? LIST_LIMIT,
        order: input.order ?? 'newest',
        cursor: input.cursor ?? null,
        includeArchived: input.includeArchived ?? input.status === 'archived',
        status: input.status ?? null,
        cwd: input.cwd ?? null,
      })
      return {
        lanes: await markElsewhere(page.lanes.map((row) => rowToSummary(store, row))),
        nextCursor: page.nextCursor,
      }
    },

    get: async (input, call) => {
      const row = resolveLane(store, input.lane, { reading: true })
      const limit = input.maxItems ?? TRANSCRIPT_ITEMS
      const transcript = input.includeTranscript
        ? (await tail.tail(row, { lane: row.ref, limit })).items
        : null
      const lane = {
        ...rowToSummary(store, row),
        settings: settingsFor(row, call),
        effective: row.effective,
        usage: row.usage,
        lastMessage: row.lastMessage,
        goal: rowToGoal(store.goals.get(row.threadId)),
        queue: laneToQueue(store, row),
        deliveries: store.deliveries.unsettled(row.threadId).map(rowToReceipt),
        requests: store.requests.pending(row.threadId).map((one) => rowToRequest(store, one)),
        laneTools: rowToLaneTools(row),
        parent: parentOf(store, row),
        index: options.indexOf(row.threadId),
        transcript,
      }
      const [marked = lane] = await markElsewhere([lane])
      return marked
    },

    trace: ({ callId }) => {
      const delivery = store.deliveries.get(callId)
      const made = store.lanes.byCallId(callId)
      const lane = made ?? (delivery && store.lanes.get(delivery.threadId))
      return {
        lane: lane && rowToIdentity(lane),
        delivery: delivery && rowToReceipt(delivery),
        messages: messagesOf(callId),
      }
    },
  }
}

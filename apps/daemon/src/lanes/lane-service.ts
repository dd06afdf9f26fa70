// The ops on lanes and turns: resolve, refuse, hand to the room that does it. No rule lives here.
import {
  type Call,
  type DaemonServices,
  DispatchError,
  type DispatchEvent,
  type EventStream,
  type LaneIndex,
  type LaneSummary,
  type StopInput,
  type StopResult,
  type TraceResult,
  toDispatchError,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Audit } from '../audit/audit.ts'
import type { WriterLocks } from '../codex/writer-locks.ts'
import { laneCallIdOf, laneCallPrefixOf } from '../deliveries/derived-id.ts'
import type { Idempotency } from '../deliveries/idempotency.ts'
import { laneToQueue } from '../deliveries/queue-view.ts'
import { rowToReceipt } from '../deliveries/receipt.ts'
import type { EventLog, FollowQuery } from '../events/event-log.ts'
import { rowToGoal } from '../goals/goal-view.ts'
import { rowToRequest } from '../requests/request-view.ts'
import { type RawThreads, threadIdOf } from '../sessions/raw-thread.ts'
import type { SessionServices } from '../sessions/session-service.ts'
import type { SendServices } from '../turns/send-service.ts'
import type { makeLast } from '../turns/last.ts'
import type { Stopper } from '../turns/stop.ts'
import type { Tail } from '../turns/tail.ts'
import type { makeWait } from '../turns/wait.ts'
import type { makeWatch } from '../turns/watch.ts'
import type { LaneActions } from './lane-actions.ts'
import type { LaneHistory } from './lane-history.ts'
import type { LaneSetting } from './lane-setting.ts'
import { resolveLane } from './lane-resolver.ts'
import { parentOf, rowToIdentity, rowToLaneTools, rowToSummary } from './lane-view.ts'

/** What it needs. */
export type LaneServiceOptions = {
  store: Store
  audit: Audit
  events: EventLog
  idempotent: Idempotency
  newLane: DaemonServices['new']
  runLane: DaemonServices['run']
  actions: LaneActions
  setting: LaneSetting
  history: LaneHistory
  /** Threads that are no lanes. */
  raw: RawThreads
  locks: WriterLocks
  /** How far query knows a lane. */
  indexOf: (threadId: string) => LaneIndex
  sends: SendServices
  stopper: Stopper
  tail: Tail
  last: ReturnType<typeof makeLast>
  wait: ReturnType<typeof makeWait>
  watch: ReturnType<typeof makeWatch>
}

const LIST_LIMIT = 50
const BEGINNING_MAX = 200
/** Lanes that one message goes to at most. */
const LANES_MAX = 1_000
const TRANSCRIPT_ITEMS = 20

const isNothingStopped = ({ turnId, goalPaused }: StopResult['lanes'][number]): boolean =>
  turnId === null && !goalPaused

/** The lanes that a `stop` names. */
const stopTargets = (
  input: StopInput,
  options: { busy: () => LaneRow[]; resolve: (selector: string) => LaneRow },
): LaneRow[] => {
  if (input.all && input.lane !== undefined) {
    throw new DispatchError('validation', 'Give a lane or --all, not both.')
  }
  if (input.all) return options.busy()
  if (input.lane === undefined) {
    throw new DispatchError('validation', 'Which lane?', { hint: 'dispatch stop LANE, or --all' })
  }
  return [options.resolve(input.lane)]
}

// Who follows from now is told where that is: a connection that is lost before the first event would
// else resume at a later now.
async function* followFrom(events: EventLog, query: FollowQuery): EventStream<DispatchEvent> {
  const after = query.after ?? events.lastCursor()
  if (query.after === null) yield { cursor: after, data: null }
  yield* events.follow({ ...query, after })
}

// Variables may be secrets of that lane; an agent in another one is given none of them.
const settingsFor = ({ threadId, settings }: LaneRow, call: Call): LaneRow['settings'] => {
  const { env, ...rest } = settings
  if (env === undefined || call.caller !== 'lane' || call.threadId === threadId) return settings
  return { ...rest, env: Object.fromEntries(Object.keys(env).map((name) => [name, '(set)'])) }
}

/** The ops that this service has. */
export type LaneServices = Omit<
  DaemonServices,
  | 'config'
  | 'daemon'
  | 'delivery'
  | 'goal'
  | 'models'
  | 'notify'
  | 'queue'
  | 'request'
  | 'trigger'
  | 'query'
  | keyof SessionServices
>

/** Makes the ops on lanes. */
export const makeLaneService = (options: LaneServiceOptions): LaneServices => {
  const { store, audit, events, actions, stopper, tail } = options
  const reading = (selector: string): LaneRow => resolveLane(store, selector, { reading: true })
  const writing = (selector: string): LaneRow => resolveLane(store, selector)
  const turnWriting = (selector: string): LaneRow => resolveLane(store, selector, { turns: true })

  /** A thread id that is not the one of a lane. */
  const rawOf = (selector: string): string | null => {
    const threadId = threadIdOf(selector)
    return threadId === null || store.lanes.get(threadId) ? null : threadId
  }

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
    new: (input, call) => {
      const { idempotencyKey: key, wait: _wait, timeoutSeconds: _seconds, ...asked } = input
      if (input.dryRun) return options.newLane(input, call)
      const request = { key, op: 'new', asked: [asked, call.cwd], call }
      return options.idempotent.run(request, async (first) => await options.newLane(input, first))
    },
    run: options.runLane,

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
      const row = reading(input.lane)
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

    ...options.sends,

    stop: (input, call) =>
      audit.run('stop', call, async (note) => {
        const lanes = stopTargets(input, { busy: stopper.busy, resolve: turnWriting })
        const [only] = lanes
        if (lanes.length === 1 && only) note.lane(only)
        // With --all one lane that cannot be stopped hides none that was.
        const stopOne = async (lane: LaneRow) => {
          try {
            return await stopper.stop(lane, call.signal)
          } catch (error) {
            if (!input.all) throw error
            const { message } = toDispatchError(error)
            const turnId = lane.activeTurnId
            const failed = { turnId, stopped: false, goalPaused: false, reason: message }
            return { ...rowToIdentity(lane), ...failed }
          }
        }
        const stopped = await Promise.all(lanes.map(stopOne))
        note.detail({ lanes: stopped.length })
        const refused = input.all ? undefined : stopped.find(isNothingStopped)
        if (refused) {
          throw new DispatchError('validation', `${refused.handle} has no active turn to stop.`, {
            hint: `dispatch get ${refused.ref}`,
          })
        }
        return { lanes: stopped }
      }),

    wait: (input, call) => options.wait(input.lanes.map(reading), input, call),
    last: (input, call) => options.last(reading(input.lane), call),
    tail: (input) => tail.tail(reading(input.lane), input),
    tailFollow: (input, call) => tail.follow(reading(input.lane), input, call),
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
    watch: (input, call) => options.watch(input.lanes.map(reading), input, call),
    watchFollow: (input, call) =>
      followFrom(events, {
        after: call.after ?? input.after ?? null,
        threadIds: input.lanes?.length ? input.lanes.map((lane) => reading(lane).threadId) : null,
        types: input.types ?? null,
        live: true,
        deltas: input.deltas ?? true,
        signal: call.signal,
      }),

    set: (input, call) =>
      audit.run('set', call, async (note) => {
        const lane = turnWriting(input.lane)
        note.lane(lane)
        const result = await options.setting.set(lane, input, call)
        note.detail({ changed: result.changed })
        return result
      }),
    fork: (input, call) =>
      audit.run('fork', call, async (note) => {
        const lane = turnWriting(input.lane)
        note.detail({ from: lane.ref })
        const made = await options.history.fork(lane, input, call)
        note.lane({ threadId: made.id, ref: made.ref })
        return made
      }),
    compact: (input, call) =>
      audit.run('compact', call, async (note) => {
        const lane = turnWriting(input.lane)
        note.lane(lane)
        return await options.history.compact(lane, call.signal)
      }),
    rollback: (input, call) =>
      audit.run('rollback', call, async (note) => {
        const lane = turnWriting(input.lane)
        note.lane(lane)
        note.detail({ turns: input.turns })
        return await options.history.rollback(lane, input, call.signal)
      }),
    rename: (input, call) =>
      audit.run('rename', call, async (note) => {
        const threadId = rawOf(input.lane)
        if (threadId !== null) {
          note.detail({ thread: threadId })
          return await options.raw.rename(threadId, input)
        }
        const lane = writing(input.lane)
        note.lane(lane)
        return await actions.rename(lane, input)
      }),
    archive: (input, call) =>
      audit.run('archive', call, async (note) => {
        const threadId = rawOf(input.lane)
        if (threadId !== null) {
          note.detail({ thread: threadId })
          return await options.raw.archive(threadId)
        }
        const lane = writing(input.lane)
        note.lane(lane)
        return await actions.archive(lane, input, call.signal)
      }),
    restore: (input, call) =>
      audit.run('restore', call, async (note) => {
        const threadId = rawOf(input.lane)
        if (threadId !== null) {
          note.detail({ thread: threadId })
          return await options.raw.restore(threadId)
        }
        const lane = resolveLane(store, input.lane, { archived: true })
        note.lane(lane)
        return await actions.restore(lane)
      }),
  }
}

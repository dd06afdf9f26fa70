// The ops on lanes and turns: resolve, refuse, hand to the room that does it. No rule lives here.
import {
  type Call,
  type DaemonServices,
  DispatchError,
  type DispatchEvent,
  type EventStream,
  type NewInput,
  type NewResult,
  type StopInput,
  toDispatchError,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { type Audit, textToShape } from '../audit/audit.ts'
import { rowToReceipt } from '../deliveries/receipt.ts'
import type { EventLog, FollowQuery } from '../events/event-log.ts'
import { overridesOf, type Sending } from '../turns/sending.ts'
import type { Stopper } from '../turns/stop.ts'
import type { Tail } from '../turns/tail.ts'
import type { makeWait } from '../turns/wait.ts'
import type { makeWatch } from '../turns/watch.ts'
import type { LaneCreation } from './create-lane.ts'
import type { LaneActions } from './lane-actions.ts'
import { resolveLane } from './lane-resolver.ts'
import { rowToIdentity, rowToSummary } from './lane-view.ts'

type LaneServiceOptions = {
  store: Store
  audit: Audit
  events: EventLog
  creation: LaneCreation
  actions: LaneActions
  sending: Sending
  stopper: Stopper
  tail: Tail
  wait: ReturnType<typeof makeWait>
  watch: ReturnType<typeof makeWatch>
}

const LIST_LIMIT = 50
const TRANSCRIPT_ITEMS = 20

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

/** Makes the ops on lanes. */
export const makeLaneService = (options: LaneServiceOptions): Omit<DaemonServices, 'daemon'> => {
  const { store, audit, events, creation, actions, sending, stopper, tail } = options
  const reading = (selector: string): LaneRow => resolveLane(store, selector, { reading: true })
  const writing = (selector: string): LaneRow => resolveLane(store, selector)

  const firstMessage = async (lane: LaneRow, input: NewInput, call: Call) => {
    if (input.text === undefined || input.send === false) return null
    const { text, timeoutSeconds } = input
    try {
      return await sending.send(
        lane,
        { text, overrides: {}, wait: input.wait ?? false, timeoutSeconds },
        call,
      )
    } catch (error) {
      // The lane is there all the same, and the caller must learn which.
      if (!(error instanceof DispatchError)) throw error
      throw new DispatchError(error.code, error.message, {
        hint: error.hint ?? `dispatch send ${lane.ref} ...`,
        details: { ...error.details, lane: rowToIdentity(lane) },
        cause: error,
      })
    }
  }

  const newResult = (
    lane: LaneRow,
    notes: string[],
    sent: Awaited<ReturnType<Sending['send']>> | null,
  ): NewResult => {
    const now = store.lanes.get(lane.threadId) ?? lane
    const { effective } = now
    if (!effective) throw new DispatchError('internal', 'A new lane has no effective settings.')
    return {
      ...rowToIdentity(now),
      messageAccepted: sent?.delivery.state === 'accepted',
      goalSet: false,
      latestTurn: sent?.turn ?? null,
      model: effective.model,
      effective,
      delivery: sent?.delivery ?? null,
      lastMessage: sent?.lastMessage ?? null,
      notes,
      error: sent?.error ?? null,
    }
  }

  return {
    new: (input, call) =>
      audit.run('new', call, async (note) => {
        const { wait } = input
        if (wait && (input.text === undefined || input.send === false)) {
          throw new DispatchError('validation', '--wait needs a message that is sent.', {
            hint: 'Give --text or --input-file, without --no-send.',
          })
        }
        if (input.text !== undefined) note.detail(textToShape(input.text))
        const { lane, notes } = await creation.create(input, call)
        note.lane(lane)
        return newResult(lane, notes, await firstMessage(lane, input, call))
      }),

    list: (input) => {
      const page = store.lanes.list({
        limit: input.limit ?? LIST_LIMIT,
        cursor: input.cursor ?? null,
        includeArchived: input.includeArchived ?? input.status === 'archived',
        status: input.status ?? null,
        cwd: input.cwd ?? null,
      })
      return {
        lanes: page.lanes.map((row) => rowToSummary(store, row)),
        nextCursor: page.nextCursor,
      }
    },

    get: async (input) => {
      const row = reading(input.lane)
      const limit = input.maxItems ?? TRANSCRIPT_ITEMS
      const transcript = input.includeTranscript
        ? (await tail.tail(row, { lane: row.ref, limit })).items
        : null
      return {
        ...rowToSummary(store, row),
        settings: row.settings,
        effective: row.effective,
        usage: row.usage,
        lastMessage: row.lastMessage,
        deliveries: store.deliveries.unsettled(row.threadId).map(rowToReceipt),
        transcript,
      }
    },

    send: (input, call) =>
      audit.run('send', call, async (note) => {
        note.detail(textToShape(input.text))
        const lane = writing(input.lane)
        note.lane(lane)
        const { text, wait = false, timeoutSeconds } = input
        const outgoing = { text, overrides: overridesOf(input), wait, timeoutSeconds }
        return await sending.send(lane, outgoing, call)
      }),

    stop: (input, call) =>
      audit.run('stop', call, async (note) => {
        const lanes = stopTargets(input, { busy: stopper.busy, resolve: writing })
        const [only] = lanes
        if (lanes.length === 1 && only) note.lane(only)
        // With --all one lane that cannot be stopped hides none that was.
        const stopOne = async (lane: LaneRow) => {
          try {
            return await stopper.stop(lane, call.signal)
          } catch (error) {
            if (!input.all) throw error
            const { message } = toDispatchError(error)
            const { activeTurnId } = lane
            return { ...rowToIdentity(lane), turnId: activeTurnId, stopped: false, reason: message }
          }
        }
        const stopped = await Promise.all(lanes.map(stopOne))
        note.detail({ lanes: stopped.length })
        const refused = input.all ? undefined : stopped.find((lane) => lane.turnId === null)
        if (refused) {
          throw new DispatchError('validation', `${refused.handle} has no active turn to stop.`, {
            hint: `dispatch get ${refused.ref}`,
          })
        }
        return { lanes: stopped }
      }),

    wait: (input, call) => options.wait(input.lanes.map(reading), input, call),
    tail: (input) => tail.tail(reading(input.lane), input),
    tailFollow: (input, call) => tail.follow(reading(input.lane), input, call),
    watch: (input, call) => options.watch(input.lanes.map(reading), input, call),
    watchFollow: (input, call) =>
      followFrom(events, {
        after: call.after ?? input.after ?? null,
        threadIds: input.lanes?.length ? input.lanes.map((lane) => reading(lane).threadId) : null,
        types: input.types ?? null,
        live: input.deltas ?? true,
        signal: call.signal,
      }),

    rename: (input, call) =>
      audit.run('rename', call, async (note) => {
        const lane = writing(input.lane)
        note.lane(lane)
        return await actions.rename(lane, input)
      }),
    archive: (input, call) =>
      audit.run('archive', call, async (note) => {
        const lane = writing(input.lane)
        note.lane(lane)
        return await actions.archive(lane, input, call.signal)
      }),
    restore: (input, call) =>
      audit.run('restore', call, async (note) => {
        const lane = resolveLane(store, input.lane, { archived: true })
        note.lane(lane)
        return await actions.restore(lane)
      }),
  }
}

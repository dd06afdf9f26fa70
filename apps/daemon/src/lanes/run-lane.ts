// run: a lane for one message. Composed of the ops: new with wait, then archive. A run owns its turn:
// where its caller cancels, or time is up, the turn is stopped. Archived is also a lane whose turn
// failed, which can be read all the same; kept is one that waits for a person, or runs on.
//
// A caller whose connection was lost has cancelled nothing: the call made again goes on here.
import {
  type Call,
  Cancelled,
  type DaemonServices,
  DispatchError,
  type NewResult,
  type RunInput,
  type RunResult,
  toDispatchError,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { type Audit, type AuditNote, textToShape } from '../audit/audit.ts'
import { messageToJson } from '../turns/message-json.ts'
import type { Stopper } from '../turns/stop.ts'
import type { LaneActions } from './lane-actions.ts'
import { rowToIdentity, turnOf } from './lane-view.ts'
import { textToName } from './naming.ts'
import { runTimeoutVerdict } from './run-timeout.ts'

/** What it needs. */
export type RunOptions = {
  store: Store
  audit: Audit
  newLane: DaemonServices['new']
  archive: LaneActions['archive']
  stopper: Pick<Stopper, 'stop'>
}

type Kept = { archived: boolean; notes: string[] }

/** Ending what a run began is not given up with the run. */
const never = new AbortController().signal

// Refused before it had a lane: one with the id of this call is another call's. What is refused later
// names the lane.
const isBeforeLane = (error: unknown): boolean =>
  error instanceof DispatchError &&
  (error.code === 'conflict' || error.code === 'validation') &&
  error.details?.['lane'] === undefined

/** Makes the op. */
export const makeRunLane = (options: RunOptions): DaemonServices['run'] => {
  const { store, audit, newLane, archive, stopper } = options

  const start = async (input: RunInput, call: Call): Promise<NewResult> => {
    const { name, keep: _keep, ...fields } = input
    // Of the text alone: the call made again must be the same call.
    return await newLane({ ...fields, name: name ?? textToName(input.text), wait: true }, call)
  }

  const putAway = async (lane: LaneRow, force: boolean): Promise<Kept> => {
    try {
      await archive(lane, { lane: lane.ref, force }, never)
      return { archived: true, notes: [] }
    } catch (error) {
      const { message } = toDispatchError(error)
      const way = `dispatch archive ${lane.ref} --yes`
      return { archived: false, notes: [`The lane was kept: ${message} (${way})`] }
    }
  }

  const end = async (lane: LaneRow, input: RunInput, stop: boolean): Promise<Kept> => {
    if (input.keep !== true && !lane.ephemeral) return await putAway(lane, stop)
    // What is left of it can be looked at; that it was not stopped in time is seen there.
    if (stop) await stopper.stop(lane, never).catch(() => null)
    const notes = input.keep === true ? [] : ['An ephemeral lane goes with its App Server.']
    return { archived: false, notes }
  }

  const current = ({ threadId }: Pick<LaneRow, 'threadId'>): LaneRow => {
    const lane = store.lanes.get(threadId)
    if (!lane) throw new DispatchError('not_found', 'The lane of the run is gone.')
    return lane
  }

  const finish = async (made: NewResult, input: RunInput): Promise<RunResult> => {
    const lane = current({ threadId: made.id })
    const { lastMessage, delivery, error: verdict } = made
    const waits = verdict?.code === 'approval_required'
    const isLate = verdict?.code === 'timeout'
    const kept = waits
      ? { archived: false, notes: ['The lane was kept: a person is asked, and its turn goes on.'] }
      : await end(lane, input, isLate)
    const isJsonAsked = lane.settings.outputSchema !== undefined
    const identity = rowToIdentity(current(lane))
    // One that began when the time was up already.
    const turnId = made.latestTurn?.id ?? current(lane).latestTurnId
    const turn = turnOf(store, lane.threadId, turnId)
    const seconds = input.timeoutSeconds ?? 0
    const ended = { lane: identity, turn, archived: kept.archived, seconds }
    const error = isLate ? runTimeoutVerdict(ended, verdict.details) : verdict
    return {
      ...identity,
      delivery,
      turn,
      lastMessage,
      json: isJsonAsked && lastMessage !== null ? messageToJson(lastMessage) : null,
      usage: current(lane).usage,
      archived: kept.archived,
      notes: [...made.notes, ...kept.notes],
      error: error && { ...error, details: { ...error.details, lane: identity } },
    }
  }

  // The lane may be there without a word of it: a refused message, a caller who gave up.
  const giveUp = async (
    input: RunInput,
    { call, note }: { call: Call; note: AuditNote },
    error: unknown,
  ): Promise<void> => {
    if (isBeforeLane(error)) return
    const lane = store.lanes.byCallId(call.id)
    if (lane) note.lane(lane)
    const isLost = call.signal.aborted && !(call.signal.reason instanceof Cancelled)
    if (lane && !isLost) await end(lane, input, true)
  }

  return (input, call) =>
    audit.run('run', call, async (note) => {
      note.detail({ ...textToShape(input.text), keep: input.keep === true })
      try {
        const made = await start(input, call)
        note.lane({ threadId: made.id, ref: made.ref })
        return await finish(made, input)
      } catch (error) {
        await giveUp(input, { call, note }, error)
        throw error
      }
    })
}

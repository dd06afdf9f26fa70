// send, and the first message of new: hands the message over in its mode, waits for Codex to have it,
// and with --wait for the end of its turn.
import {
  type Call,
  type DeliveryMode,
  DispatchError,
  type ErrorBody,
  errorToBody,
  type SendResult,
  TurnSettings,
} from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { type Deadline, makeDeadline } from '../clock/deadline.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import { refusalToError } from '../deliveries/decide.ts'
import type { Enqueueing } from '../deliveries/enqueueing.ts'
import type { Message } from '../deliveries/message.ts'
import { rowToReceipt } from '../deliveries/receipt.ts'
import { rowToWaitNotes } from '../deliveries/why-waits.ts'
import type { Steering } from '../deliveries/steering.ts'
import type { Submission } from '../deliveries/submission.ts'
import type { GoalPauses } from '../goals/goal-pauses.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import { rowToIdentity, turnOf } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { ModelCatalogue } from '../models/catalogue.ts'
import { introduce } from './introduction.ts'
import { decideOptions } from './message-options.ts'
import { approvalVerdict, finalMessage, notTaken, timeoutVerdict, turnVerdict } from './outcome.ts'

/** What it needs. */
export type SendingOptions = {
  store: Store
  clock: Clock
  link: CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  submission: Submission
  /** Lets a message go before the next turn of the lane's goal. */
  goals: Pick<GoalPauses, 'beforeMessage' | 'settle' | 'yieldTo'>
  steering: Steering
  enqueue: Enqueueing
  /** Whether a lane that does not work yet would be one too many. */
  isFull: (threadId: string) => boolean
  catalogue: Pick<ModelCatalogue, 'check'>
}

/** One message to a lane, and how long its sender waits. */
export type Outgoing = {
  mode: DeliveryMode
  text: string
  /** Whether it begins with who sends it. */
  intro: boolean
  /** Where as many lanes work as may, it waits in the queue instead of being refused. */
  mayWait?: boolean
  overrides: TurnSettings
  wait: boolean
  timeoutSeconds: number | undefined
  /** When its sender began to wait, of the steady clock; now when absent. */
  since?: number
}

/** Sends messages to lanes. */
export type Sending = { send(lane: LaneRow, outgoing: Outgoing, call: Call): Promise<SendResult> }

/** After this long the answer is the state so far. */
const ACCEPTED_MS = 10_000

/** The per-send settings of an input. */
export const overridesOf = (input: TurnSettings): TurnSettings => {
  const names = Object.keys(TurnSettings.shape) as (keyof TurnSettings)[]
  return Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  )
}

const isUndelivered = ({ state }: DeliveryRow): boolean =>
  state === 'failed' || state === 'ambiguous'

const isTakenBack = ({ state }: DeliveryRow): boolean =>
  state === 'cancelled' || state === 'discarded'

/** What waits is taken without Codex, too. */
const needsCodex: Record<DeliveryMode, boolean> = {
  send: true,
  steer: true,
  interject: true,
  queue: false,
  context: false,
}

/** Makes the sending of messages. */
export const makeSending = (options: SendingOptions): Sending => {
  const { store, clock, link, workers, changes, submission, steering, enqueue, catalogue, goals } =
    options

  const delivery = (id: string): DeliveryRow => {
    const row = store.deliveries.get(id)
    if (!row) throw new DispatchError('not_found', `No delivery ${id}.`)
    return row
  }

  // What is tried again by itself goes on as another delivery, from the commit on in which this one fails.
  const lastTry = (id: string): DeliveryRow => {
    const row = delivery(id)
    const next = store.deliveries.retryOf(id)
    return next && next.attempt > row.attempt ? lastTry(next.id) : row
  }

  // An interjection is under way while it still waits: the turn is being interrupted for it.
  const isHandedOver = (id: string): boolean => {
    const { state, mode } = delivery(id)
    return state !== 'submitting' && !(mode === 'interject' && state === 'queued')
  }

  const hasEnded = (row: DeliveryRow): boolean => {
    if (isUndelivered(row) || isTakenBack(row)) return true
    return row.state === 'accepted' && row.outcome !== 'running'
  }

  const isAsked = (threadId: string): boolean =>
    store.lanes.get(threadId)?.status === 'waiting_approval'

  const hasVerdict = (threadId: string, id: string): boolean =>
    hasEnded(lastTry(id)) || isAsked(threadId)

  const verdict = (lane: LaneRow, row: DeliveryRow): ErrorBody | null => {
    if (!hasEnded(row)) return approvalVerdict(lane)
    const turn = turnOf(store, row.threadId, row.turnId)
    if (turn && row.state === 'accepted') return turnVerdict(lane, turn)
    if (row.state === 'accepted') {
      return errorToBody(
        new DispatchError('turn_failed', 'The turn of the message was lost with the App Server.', {
          hint: `dispatch tail ${lane.ref}`,
          details: { delivery: rowToReceipt(row) },
        }),
      )
    }
    return {
      code: 'app_server',
      message: `The message was not delivered: ${row.failure ?? row.state}`,
      hint: `dispatch get ${lane.ref}`,
      retryable: true,
      details: { delivery: rowToReceipt(row) },
    }
  }

  // A server that is being started is waited for, outside the lane's worker.
  const connect = async (mode: DeliveryMode, signal: AbortSignal): Promise<void> => {
    try {
      await link.client(signal)
    } catch (error) {
      signal.throwIfAborted()
      if (needsCodex[mode]) throw error
    }
  }

  const submit = async (message: Message, over: AbortSignal): Promise<DeliveryRow> => {
    const { id, threadId } = message
    try {
      if (store.deliveries.get(id) === null) await goals.beforeMessage(threadId)
      return await submission.submit(message, over)
    } finally {
      // Refused, or not even handed over, the goal goes on at once; else when the turn of the message has started.
      await goals.settle(threadId)
    }
  }

  const wait = async (message: Message): Promise<DeliveryRow> => {
    const row = await enqueue(message)
    await goals.yieldTo(message.threadId)
    return store.deliveries.get(row.id) ?? row
  }

  const handOver = (message: Message, { over, signal }: Deadline): Promise<DeliveryRow> => {
    const { mode, threadId } = message
    if (mode === 'steer') return steering.steer(message, signal)
    return workers.run(threadId, () => {
      over.throwIfAborted()
      return mode === 'send' ? submit(message, over) : wait(message)
    })
  }

  // Until Codex has it; throws when the time is up before.
  const deliver = async (message: Message, deadline: Deadline): Promise<void> => {
    const { id, threadId } = message
    const { signal } = deadline
    await deadline.unlessOver(handOver(message, deadline))
    await changes.until([threadId], () => isHandedOver(id), { signal, timeoutMs: ACCEPTED_MS })
  }

  /** Whether a verdict came before the time was up. */
  const verdictCame = ({ id, threadId }: Message, deadline: Deadline): Promise<boolean> => {
    const limits = { signal: deadline.signal, timeoutMs: deadline.leftMs() }
    return changes.until([threadId], () => hasVerdict(threadId, id), limits)
  }

  const modeOf = (lane: LaneRow, { mode, mayWait }: Outgoing, id: string): DeliveryMode => {
    const isWaiting = mayWait === true && !lane.ephemeral
    const known = store.deliveries.get(id)
    if (known) return isWaiting ? known.mode : mode
    if (mode !== 'send' || !options.isFull(lane.threadId)) return mode
    if (isWaiting) return 'queue'
    throw new DispatchError('lane_busy', 'As many lanes work as may ([limits] max_active_turns).', {
      hint: `dispatch send ${lane.ref} ... --queue`,
      details: { lane: rowToIdentity(lane) },
    })
  }

  const whyWaits = (row: DeliveryRow, lane: LaneRow): string[] => {
    const ahead = store.deliveries.queue(row.threadId).findIndex(({ id }) => id === row.id)
    return rowToWaitNotes(row, {
      lane,
      ahead: Math.max(0, ahead),
      isFull: options.isFull(row.threadId),
      hasCodex: link.current() !== null,
      now: clock.now(),
    })
  }

  return {
    send: async (lane, outgoing, call) => {
      const { threadId } = lane
      const mode = modeOf(lane, outgoing, call.id)
      // The same call again is the same message, whatever its sender is called by now.
      // What an agent sends is never taken for a person's.
      const isToBe = outgoing.intro || call.caller === 'lane'
      const isIntroduced = isToBe && store.deliveries.get(call.id) === null
      const text = isIntroduced
        ? introduce(store, { text: outgoing.text, to: lane }, call)
        : outgoing.text
      const refusal = decideOptions(mode, outgoing)
      if (refusal) throw refusalToError(refusal, lane)
      const { wait: waits, timeoutSeconds = 0 } = outgoing
      const { id } = call
      using deadline = makeDeadline(clock, {
        seconds: waits ? outgoing.timeoutSeconds : undefined,
        caller: call.signal,
        since: outgoing.since,
      })
      try {
        await connect(mode, deadline.signal)
        const { cwd, effective: inForce } = store.lanes.get(threadId) ?? lane
        const at = { cwd, inForce, signal: deadline.signal }
        const overrides = await catalogue.check(outgoing.overrides, at)
        const said = outgoing.text
        const message = { id, threadId, mode, text, said, overrides, actor: call.caller }
        await deliver(message, deadline)
        // One that came may be gone when it is looked at, as when another has answered what was asked: then
        // it is waited on.
        while (waits && !hasVerdict(threadId, id)) {
          if (!(await verdictCame(message, deadline))) break
        }
      } catch (error) {
        if (error !== deadline.over.reason) throw error
        call.signal.throwIfAborted()
        if (store.deliveries.get(id) === null) throw notTaken(lane, timeoutSeconds)
      }
      const isLate = waits && !hasVerdict(threadId, id)
      const late = (): ErrorBody =>
        timeoutVerdict(timeoutSeconds, [store.lanes.get(threadId) ?? lane])
      const ended = isLate ? late() : waits ? verdict(lane, lastTry(id)) : null
      const row = waits ? lastTry(id) : delivery(id)
      // A message that surely did not arrive, or may not have, is bad news also without --wait.
      const error = ended ?? (isUndelivered(row) ? verdict(lane, row) : null)
      const now = store.lanes.get(threadId) ?? lane
      return {
        ...rowToIdentity(now),
        delivery: rowToReceipt(row),
        turn: turnOf(store, threadId, row.turnId),
        lastMessage:
          outgoing.wait && row.turnId !== null ? finalMessage(store, threadId, row.turnId) : null,
        usage: outgoing.wait ? now.usage : null,
        notes: whyWaits(row, now),
        error,
      }
    },
  }
}

// send, and the first message of new: hands the message over, waits for Codex to have it, and with
// --wait for the end of its turn.
import {
  type Call,
  DispatchError,
  type ErrorBody,
  errorToBody,
  type SendInput,
  type SendResult,
  TurnSettings,
} from '@dispatch/contract'
import type { DeliveryRow, LaneRow, Store } from '@dispatch/store'
import type { CodexLink } from '../codex/codex-link.ts'
import { rowToReceipt } from '../deliveries/receipt.ts'
import type { Submission } from '../deliveries/submission.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import { rowToIdentity, turnOf } from '../lanes/lane-view.ts'
import type { LaneWorkers } from '../lanes/lane-worker.ts'
import type { ModelCatalogue } from '../models/catalogue.ts'
import { approvalVerdict, finalMessage, timeoutVerdict, turnVerdict } from './outcome.ts'

type SendingOptions = {
  store: Store
  link: CodexLink
  workers: LaneWorkers
  changes: LaneChanges
  submission: Submission
  catalogue: Pick<ModelCatalogue, 'check'>
}

/** One message to a lane, and how long its sender waits. */
export type Outgoing = {
  text: string
  overrides: TurnSettings
  wait: boolean
  timeoutSeconds: number | undefined
}

/** Sends messages to lanes. */
export type Sending = { send(lane: LaneRow, outgoing: Outgoing, call: Call): Promise<SendResult> }

/** After this long the answer is the state so far. */
const ACCEPTED_MS = 10_000

/** The per-send settings of an input. */
export const overridesOf = (input: SendInput): TurnSettings => {
  const names = Object.keys(TurnSettings.shape) as (keyof TurnSettings)[]
  return Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  )
}

const isUndelivered = ({ state }: DeliveryRow): boolean =>
  state === 'failed' || state === 'ambiguous'

/** Makes the sending of messages. */
export const makeSending = (options: SendingOptions): Sending => {
  const { store, link, workers, changes, submission, catalogue } = options

  const delivery = (id: string): DeliveryRow => {
    const row = store.deliveries.get(id)
    if (!row) throw new DispatchError('not_found', `No delivery ${id}.`)
    return row
  }

  const isHandedOver = (id: string): boolean => delivery(id).state !== 'submitting'

  const hasEnded = (row: DeliveryRow): boolean => {
    if (isUndelivered(row)) return true
    return row.state === 'accepted' && row.outcome !== 'running'
  }

  const isAsked = (threadId: string): boolean =>
    store.lanes.get(threadId)?.status === 'waiting_approval'

  const waitForEnd = async (
    lane: LaneRow,
    id: string,
    { timeoutSeconds, signal }: { timeoutSeconds: number | undefined; signal: AbortSignal },
  ) => {
    const over = await changes.until(
      [lane.threadId],
      () => hasEnded(delivery(id)) || isAsked(lane.threadId),
      {
        signal,
        timeoutMs: timeoutSeconds === undefined ? null : timeoutSeconds * 1000,
      },
    )
    if (!over) return timeoutVerdict(timeoutSeconds ?? 0, [lane])
    return verdict(lane, delivery(id))
  }

  const verdict = (lane: LaneRow, row: DeliveryRow): ErrorBody | null => {
    if (!hasEnded(row)) return approvalVerdict(lane)
    const turn = turnOf(store, row.threadId, row.turnId)
    if (turn) return turnVerdict(lane, turn)
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

  return {
    send: async (lane, outgoing, call) => {
      const { threadId } = lane
      // A server that is being started is waited for, outside the lane's worker.
      await link.client(call.signal)
      const { cwd, effective: inForce } = store.lanes.get(threadId) ?? lane
      const at = { cwd, inForce, signal: call.signal }
      const overrides = await catalogue.check(outgoing.overrides, at)
      const { id } = await workers.run(threadId, () =>
        submission.submit({
          id: call.id,
          threadId,
          text: outgoing.text,
          overrides,
          actor: call.caller,
        }),
      )
      const limits = { signal: call.signal, timeoutMs: ACCEPTED_MS }
      await changes.until([threadId], () => isHandedOver(id), limits)
      const ended = outgoing.wait
        ? await waitForEnd(lane, id, { ...outgoing, signal: call.signal })
        : null
      const row = delivery(id)
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
        error,
      }
    },
  }
}

// Answers a request for a person: the first answer wins, is on disk before Codex hears of it, and a
// second one is told who was first. A message that goes with a no is put into the turn before the no:
// Codex takes it while it waits, and may be done with the turn right after.
import { type Call, DispatchError } from '@dispatch/contract'
import type { LaneRow, RequestRow, Store } from '@dispatch/store'
import type { Answer } from '../codex/asked.ts'
import type { LaneChanges } from '../lanes/lane-changes.ts'
import type { LiveRequests } from './live-requests.ts'
import type { RequestBook } from './request-book.ts'
import { rowToConflict } from './request-view.ts'

/** Puts a text into a running turn; throws where it is not there. */
export type Steer = (
  said: { threadId: string; turnId: string; text: string },
  call: Call,
) => Promise<void>

/** One answer. */
export type Answered = { row: RequestRow; answer: Answer; message: string | null; call: Call }

/** Answers requests. */
export type Answering = { answer(answered: Answered): Promise<RequestRow> }

type AnsweringOptions = {
  store: Store
  changes: LaneChanges
  book: RequestBook
  live: LiveRequests
  steer: Steer
  /** Requests went. */
  changed: () => void
}

/** A daemon that has only just joined is asked again within moments. */
const LIVE_MS = 10_000

const refusalOf = (row: RequestRow, lane: LaneRow | null, call: Call): DispatchError | null => {
  if (lane?.source === 'attached') {
    return new DispatchError(
      'authority',
      `${lane.handle} is attached: who drives it answers what it asks.`,
      { hint: `dispatch adopt ${lane.ref}`, details: { request: row.id } },
    )
  }
  const own = call.threadId !== null && [row.threadId, row.laneId].includes(call.threadId)
  return own
    ? new DispatchError('authority', 'An agent does not answer its own requests.', {
        details: { request: row.id },
      })
    : null
}

const notOffered = ({ id, ask: { offered } }: RequestRow, decision: string): DispatchError =>
  new DispatchError('validation', `Request ${id} does not offer ${decision}.`, {
    hint: `It offers: ${offered.join(', ')}. dispatch request get ${id}`,
    details: { request: id, offered },
  })

const notConnected = ({ id }: RequestRow): DispatchError =>
  new DispatchError('app_server', `Codex has not asked request ${id} again since it was left.`, {
    hint: 'dispatch daemon status',
    details: { request: id },
  })

/** Makes the answering. */
export const makeAnswering = (options: AnsweringOptions): Answering => {
  const { store, changes, book, live } = options
  const taken = new Set<string>()

  const current = (row: RequestRow): RequestRow => store.requests.get(row.id) ?? row

  const refuseClosed = (row: RequestRow): void => {
    const now = current(row)
    if (now.state !== 'pending' || taken.has(row.id)) throw rowToConflict(now)
  }

  const waitUntilLive = async (row: RequestRow, signal: AbortSignal): Promise<void> => {
    const isThere = (): boolean => live.isLive(row.id) || current(row).state !== 'pending'
    const limits = { signal, timeoutMs: LIVE_MS }
    if (await changes.until([row.laneId ?? row.threadId], isThere, limits)) return
    throw notConnected(row)
  }

  const steer = async (row: RequestRow, text: string, call: Call): Promise<void> => {
    const { threadId, turnId } = row
    if (turnId !== null) return await options.steer({ threadId, turnId, text }, call)
    throw new DispatchError('validation', 'No turn waits for this request: a message has no place.')
  }

  return {
    answer: async ({ row, answer, message, call }) => {
      const lane = row.laneId === null ? null : store.lanes.get(row.laneId)
      const refusal = refusalOf(row, lane, call)
      if (refusal) throw refusal
      refuseClosed(row)
      const { decision } = answer
      if (!row.ask.offered.includes(decision)) throw notOffered(row, decision)
      await waitUntilLive(row, call.signal)
      refuseClosed(row)
      if (message !== null) {
        taken.add(row.id)
        try {
          await steer(row, message, call)
        } finally {
          taken.delete(row.id)
        }
      }
      if (!book.close(row.id, { state: 'answered', decision, by: call.caller })) {
        throw rowToConflict(current(row))
      }
      live.reply(row.id, answer)
      options.changed()
      return current(row)
    },
  }
}

// The ops that send: a message to one lane, or one message to several, each of which takes it or not
// whatever the others do. A lane is resolved here; how a message gets to it is no part of it.
import { setImmediate } from 'node:timers/promises'
import {
  type Call,
  type DaemonServices,
  type DispatchError,
  type ErrorBody,
  errorToBody,
  type SendInput,
  type SendResult,
  type SendToInput,
  type SendToResult,
  toDispatchError,
} from '@dispatch/contract'
import type { LaneRow } from '@dispatch/store'
import { type Audit, textToShape } from '../audit/audit.ts'
import { laneCallIdOf } from '../deliveries/derived-id.ts'
import type { Idempotency } from '../deliveries/idempotency.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import { overridesOf, type Sending } from './sending.ts'

/** What it needs. */
export type SendServiceOptions = {
  audit: Audit
  idempotent: Idempotency
  sending: Sending
  /** The lane of a selector, for what writes turns. */
  find: { writing(selector: string): LaneRow }
}

/** The ops. */
export type SendServices = Pick<DaemonServices, 'send' | 'sendTo'>

/** A lane as it was named, or why it is none. */
type Named = { to: string; lane: LaneRow } | { to: string; lane: null; refusal: DispatchError }

/** The lane of a message, and the key of the request in it. Finding it may throw. */
type Addressee = { find: () => LaneRow; keyOf: (lane: LaneRow) => string | undefined }

type Fate = SendToResult['lanes'][number]

// The first name of each counts.
const withoutRepeats = (named: readonly Named[]): Named[] => {
  const keyOf = ({ to, lane }: Named): string => lane?.threadId ?? `no lane: ${to}`
  const firsts = new Map(named.toReversed().map((one) => [keyOf(one), one]))
  return named.filter((one) => firsts.get(keyOf(one)) === one)
}

const verdictOf = (lanes: readonly Fate[]): ErrorBody | null => {
  const failed = lanes.flatMap(({ to, error }) => (error ? [{ to, error }] : []))
  const [first] = failed
  if (!first) return null
  const { to, error } = first
  return {
    ...error,
    message: `${failed.length} of ${lanes.length} lanes did not take the message. ${to}: ${error.message}`,
    details: { failed: failed.map((one) => ({ to: one.to, code: one.error.code })) },
  }
}

/** Lanes between two turns of the event loop: some 10 ms. */
const AT_ONCE = 8

/** Makes the ops. */
export const makeSendServices = (options: SendServiceOptions): SendServices => {
  const { audit, idempotent, sending, find } = options

  const sendOne = (
    message: Omit<SendInput, 'lane' | 'idempotencyKey'>,
    { find: found, keyOf }: Addressee,
    call: Call,
  ): Promise<SendResult> =>
    audit.run('send', call, async (note) => {
      const { mode = 'send', text, intro = false, wait = false, timeoutSeconds } = message
      note.detail({ ...textToShape(text), mode })
      const lane = found()
      note.lane(lane)
      const overrides = overridesOf(message)
      const outgoing = { mode, text, intro, overrides, wait, timeoutSeconds }
      const asked = [lane.threadId, mode, text, intro, overrides]
      return await idempotent({ key: keyOf(lane), op: 'send', asked, call }, (first) =>
        sending.send(lane, outgoing, first),
      )
    })

  const name = (to: string): Named => {
    try {
      return { to, lane: find.writing(to) }
    } catch (error) {
      return { to, lane: null, refusal: toDispatchError(error) }
    }
  }

  // Each lane has a call of its own, and a key: made again, a request goes on where lanes had refused it.
  const sendToOne = async (input: SendToInput, named: Named, call: Call): Promise<Fate> => {
    const { to: _to, idempotencyKey: key, ...message } = input
    const { to, lane } = named
    try {
      const found = (): LaneRow => {
        if (named.lane) return named.lane
        throw named.refusal
      }
      const keyOf = ({ threadId }: LaneRow): string | undefined =>
        key === undefined ? undefined : `${key}\n${threadId}`
      const addressee = { find: found, keyOf }
      const id = laneCallIdOf(call.id, lane?.threadId ?? to)
      const { delivery, error, ...rest } = await sendOne(message, addressee, { ...call, id })
      const { turn: _turn, lastMessage: _message, usage: _usage, ...identity } = rest
      return { to, lane: identity, delivery, error }
    } catch (error) {
      const identity = lane && rowToIdentity(lane)
      return { to, lane: identity, delivery: null, error: errorToBody(toDispatchError(error)) }
    }
  }

  return {
    send: ({ lane, idempotencyKey, ...message }, call) =>
      sendOne(message, { find: () => find.writing(lane), keyOf: () => idempotencyKey }, call),

    sendTo: async (input, call) => {
      const sent: Promise<Fate>[] = []
      for (const [at, one] of withoutRepeats(input.to.map(name)).entries()) {
        // Nothing of it waits for anything: a thousand lanes at once would hold the daemon up for 1.6 s.
        if (at % AT_ONCE === AT_ONCE - 1) await setImmediate()
        call.signal.throwIfAborted()
        sent.push(sendToOne(input, one, call))
      }
      const lanes = await Promise.all(sent)
      call.signal.throwIfAborted()
      return { lanes, error: verdictOf(lanes) }
    },
  }
}

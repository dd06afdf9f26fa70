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
  type SendToResult,
  toDispatchError,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import { type Audit, textToShape } from '../audit/audit.ts'
import { laneCallIdOf } from '../deliveries/derived-id.ts'
import type { Idempotency, Keyed } from '../deliveries/idempotency.ts'
import { rowToIdentity } from '../lanes/lane-view.ts'
import { overridesOf, type Sending } from './sending.ts'

/** What it needs. */
export type SendServiceOptions = {
  store: Store
  audit: Audit
  idempotent: Idempotency
  sending: Sending
  /** The lane of a selector, for what writes turns. */
  find: { writing(selector: string): LaneRow }
}

/** The ops. */
export type SendServices = Pick<DaemonServices, 'send' | 'sendTo'>

/** A lane as it was named, or why it is none. */
type Named =
  | { to: string; lane: LaneRow }
  | { to: string; lane: LaneRow | null; refusal: DispatchError }

/** A message as both ops have it. */
type Message = Omit<SendInput, 'lane'>

/** The lane of a message; finding it may throw. `isPart`: of a request for several. */
type Addressee = { find: () => LaneRow; isPart: boolean }

type Fate = SendToResult['lanes'][number]

// The first name of each counts.
const withoutRepeats = (named: readonly Named[]): Named[] => {
  const seen = new Set<string>()
  return named.filter(({ to, lane }) => {
    const key = lane?.threadId ?? `no lane: ${to}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

const askedOf = ({ mode = 'send', text, intro = false, ...settings }: Message): unknown[] => [
  mode,
  text,
  intro,
  overridesOf(settings),
]

const messageToKeyed = (
  message: Message,
  { lane, isPart, call }: { lane: LaneRow; isPart: boolean; call: Call },
): Keyed => ({
  key: message.idempotencyKey,
  ...(isPart ? { part: lane.threadId } : {}),
  op: 'send',
  asked: [lane.threadId, ...askedOf(message)],
  call,
})

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

/** Makes the ops. */
export const makeSendServices = (options: SendServiceOptions): SendServices => {
  const { store, audit, idempotent, sending, find } = options

  const sendOne = (message: Message, { find: found, isPart }: Addressee, call: Call) =>
    audit.run('send', call, async (note): Promise<SendResult> => {
      const { mode = 'send', text, intro = false, wait = false, timeoutSeconds } = message
      note.detail({ ...textToShape(text), mode })
      const lane = found()
      note.lane(lane)
      const overrides = overridesOf(message)
      const outgoing = { mode, text, intro, overrides, wait, timeoutSeconds }
      return await idempotent.run(messageToKeyed(message, { lane, isPart, call }), (first) =>
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

  // Each lane has a call of its own.
  const partOf = ({ id, ...call }: Call, { to, lane }: Named): Call => ({
    ...call,
    id: laneCallIdOf(id, lane?.threadId ?? to),
  })

  const sendToOne = async (message: Message, named: Named, call: Call): Promise<Fate> => {
    const { to, lane } = named
    const identity = () => lane && rowToIdentity(store.lanes.get(lane.threadId) ?? lane)
    try {
      const found = (): LaneRow => {
        if ('refusal' in named) throw named.refusal
        return named.lane
      }
      const addressee = { find: found, isPart: true }
      const { delivery, notes, error } = await sendOne(message, addressee, partOf(call, named))
      return { to, lane: identity(), delivery, notes, error }
    } catch (error) {
      const body = errorToBody(toDispatchError(error))
      return { to, lane: identity(), delivery: null, notes: [], error: body }
    }
  }

  const keyedParts = (message: Message, lanes: readonly Named[], call: Call): Keyed[] =>
    lanes.flatMap((named) =>
      named.lane === null
        ? []
        : [messageToKeyed(message, { lane: named.lane, isPart: true, call: partOf(call, named) })],
    )

  /** The keys of the request, held; or why each lane is refused. */
  const holdKeys = (message: Message, lanes: readonly Named[], call: Call) => {
    const whole = { key: message.idempotencyKey, op: 'send --to', asked: askedOf(message), call }
    try {
      return { keys: idempotent.hold(whole, keyedParts(message, lanes, call)), refusal: null }
    } catch (error) {
      return { keys: null, refusal: toDispatchError(error) }
    }
  }

  return {
    send: ({ lane, ...message }, call) =>
      sendOne(message, { find: () => find.writing(lane), isPart: false }, call),

    sendTo: async (input, call) => {
      const named = withoutRepeats(input.to.map(name))
      const { keys, refusal } = holdKeys(input, named, call)
      using _keys = keys
      const sent: Promise<Fate>[] = []
      for (const one of named) {
        sent.push(sendToOne(input, refusal ? { to: one.to, lane: one.lane, refusal } : one, call))
        // Each is a commit on disk: others have their turn between two of them.
        await setImmediate()
        if (call.signal.aborted) break
      }
      const lanes = await Promise.all(sent)
      call.signal.throwIfAborted()
      return { lanes, error: verdictOf(lanes) }
    },
  }
}

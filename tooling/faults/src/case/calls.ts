// The calls of a case as their caller knows them: made again under the same id where the daemon was
// lost, as a client does it, until an answer comes or the caller gives up.
import { DispatchError, type DispatchClient, makeCallIds, systemClock } from '@dispatch/client'
import type { Delivery, DeliveryMode, SendToResult, TraceResult } from '@dispatch/contract'

/** What the caller knows of one call. */
export type CallRecord = {
  /** Place in the order in which the calls of the case were made. */
  at: number
  callId: string
  /** The receipt of its message: the call's own id, but for a message to several lanes. */
  id: string
  op: string
  /** The script of the case that made it. */
  script: number
  /** What it does something to, beside its lane. */
  about: string | null
  /** Its message, where it has one. */
  text: string | null
  mode: DeliveryMode | null
  /**
   * answered: by a result. refused: by an error that is an answer. unanswered: the daemon was lost and
   * the caller gave up.
   */
  fate: 'open' | 'answered' | 'refused' | 'unanswered'
  /** The error's code and message. */
  error: string | null
  /** The receipt in the answer. */
  told: Delivery['state'] | null
  /** The lane in the answer. */
  lane: string | null
  tries: number
}

/** One call to be made. */
export type Asked = {
  op: string
  input: Record<string, unknown>
  script: number
  about?: string
  text?: string
  mode?: DeliveryMode
  /** Whether it is made again after the client's own try; else the caller gives up. */
  patient: boolean
}

/** Makes calls and remembers them. */
export type Calls = {
  readonly records: readonly CallRecord[]
  make(client: DispatchClient, asked: Asked): Promise<CallRecord>
}

const TRIES = 6
const LIMIT_MS = 40_000

type Answer = {
  id?: string
  delivery?: Delivery | null
  lanes?: SendToResult['lanes']
}

// A lane that does not take a message is in an answer to several what a refusal is to one.
const takeFate = (record: CallRecord, { delivery, error }: SendToResult['lanes'][number]): void => {
  record.error = error && `${error.code}: ${error.message}`
  if (delivery === null) record.fate = 'refused'
  else Object.assign(record, { id: delivery.id, told: delivery.state })
}

/** Finds out about receipts whose callers got no answer. */
export const identify = async (
  client: DispatchClient,
  records: readonly CallRecord[],
): Promise<void> => {
  for (const record of records) {
    if (record.op !== 'sendTo' || record.id !== record.callId) continue
    const { callId } = record
    const { messages } = (await client.call('trace', 'query', { callId }, {})) as TraceResult
    const [first] = messages
    if (first) record.id = first.delivery.id
  }
}

/** Makes the calls of a case. */
export const makeCalls = (): Calls => {
  const records: CallRecord[] = []
  const newId = makeCallIds({
    now: systemClock.now,
    random: (bytes) => crypto.getRandomValues(bytes),
  })

  const attempt = async (client: DispatchClient, asked: Asked, record: CallRecord) => {
    const signal = AbortSignal.timeout(LIMIT_MS)
    const options = { callId: record.callId, signal }
    const answer = (await client.call(asked.op, 'mutation', asked.input, options)) as Answer
    record.fate = 'answered'
    record.told = answer.delivery?.state ?? null
    record.lane = answer.id ?? null
    const [fate] = asked.op === 'sendTo' ? (answer.lanes ?? []) : []
    if (fate) takeFate(record, fate)
  }

  const make = async (client: DispatchClient, asked: Asked): Promise<CallRecord> => {
    const callId = newId()
    const record: CallRecord = {
      at: records.length,
      callId,
      id: callId,
      op: asked.op,
      script: asked.script,
      about: asked.about ?? null,
      text: asked.text ?? null,
      mode: asked.mode ?? null,
      fate: 'open',
      error: null,
      told: null,
      lane: null,
      tries: 0,
    }
    records.push(record)
    while (record.fate === 'open') {
      record.tries += 1
      try {
        await attempt(client, asked, record)
      } catch (error) {
        const isLost = error instanceof DispatchError && error.code === 'daemon_unreachable'
        const code = error instanceof DispatchError ? error.code : 'no answer'
        record.error = `${code}: ${error instanceof Error ? error.message : String(error)}`
        if (!isLost) record.fate = code === 'no answer' ? 'unanswered' : 'refused'
        else if (!asked.patient || record.tries >= TRIES) record.fate = 'unanswered'
      }
    }
    return record
  }

  return { records, make }
}

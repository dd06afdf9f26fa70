// What one line of a rollout file tells: when it was written, which turn it belongs to, the model. The
// envelope is read without parsing; only lines that carry one of these are parsed. Pure.
import type { Line } from './line-reader.ts'

/** What a line tells; absent means that it says nothing of it. */
export type RecordFact = {
  at: number
  turnId?: string
  model?: string
  /** A message of the user. */
  message?: string
}

const envelope = /^\s*\{"timestamp":"([^"]{1,64})",(?:"ordinal":\d+,)?"type":"([a-z_]{1,40})"/
const turnInside = /"turn_id":"([^"]{1,64})"/
const turnRecords = /"type":"(?:task_started|task_complete|turn_aborted)"/
const messageRecords = /"type":"(?:user_message|UserMessage)"/

type Payload = {
  type?: unknown
  turn_id?: unknown
  model?: unknown
  message?: unknown
  item?: { type?: unknown; content?: unknown }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const messageOf = ({ type, message, item }: Payload): string | undefined => {
  if (type === 'user_message') return textOf(message)
  if (item?.type !== 'UserMessage' || !Array.isArray(item.content)) return undefined
  const parts = item.content as { text?: unknown }[]
  return textOf(parts.flatMap(({ text }) => textOf(text) ?? []).join('\n'))
}

const parsed = (text: string): { timestamp?: unknown; payload?: unknown } | null => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

const present = (fact: { [Name in keyof RecordFact]: RecordFact[Name] | undefined }): RecordFact =>
  Object.fromEntries(Object.entries(fact).filter(([, value]) => value !== undefined)) as RecordFact

const instantOf = (value: unknown): number | null => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? null : at
}

const isTelling = (type: string, text: string): boolean =>
  type === 'turn_context' ||
  (type === 'event_msg' && (turnRecords.test(text.slice(0, 256)) || messageRecords.test(text)))

/** The fact of a line; null for a line that is no record. */
export const lineToFact = ({ text, cut }: Line): RecordFact | null => {
  const match = envelope.exec(text)
  if (match) {
    const [, timestamp, type = ''] = match
    const at = instantOf(timestamp)
    if (at === null) return null
    if (!isTelling(type, text)) return { at }
    if (cut) return present({ at, turnId: turnInside.exec(text)?.[1] })
  }
  const record = cut ? null : parsed(text)
  const at = instantOf(record?.timestamp)
  if (record === null || at === null) return null
  const payload = (record.payload ?? {}) as Payload
  return present({
    at,
    turnId: textOf(payload.turn_id),
    model: textOf(payload.model),
    message: messageOf(payload),
  })
}

// Ids of deliveries that follow from others: the same cause never gets two.
import { createHash } from 'node:crypto'

/** The UUIDv7 of a cause, with that time in it, in epoch ms. */
export const causeToId = (cause: string, at: number): string => {
  const hex = createHash('sha256').update(cause).digest('hex')
  const time = at.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`
}

const TIME_DIGITS = 12

/** What the ids of all parts of a call begin with: its time. */
export const laneCallPrefixOf = (callId: string): string => callId.slice(0, TIME_DIGITS + 1)

/** The id of the part of a call that is for that lane: it sorts as the call does. */
export const laneCallIdOf = (callId: string, threadId: string): string => {
  const time = callId.replaceAll('-', '').slice(0, TIME_DIGITS)
  return causeToId(`${callId}/${threadId}`, Number.parseInt(time, 16))
}

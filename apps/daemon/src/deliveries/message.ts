// A message before it is a delivery, the row that it becomes, and what is known of it already.
import { statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { type DeliveryMode, DispatchError, type TurnSettings } from '@dispatch/contract'
import type { DeliveryRow, LaneRow, ServerInstance, Store } from '@dispatch/store'
import { textToShape } from '../audit/audit.ts'

/** A message to be handed over. */
export type Message = {
  /** The receipt id: the caller's, so the same call made again is the same delivery. */
  id: string
  threadId: string
  mode: DeliveryMode
  text: string
  /** What its caller gave, where the text begins with an introduction: the same after a rename. */
  said?: string
  overrides: TurnSettings
  actor: string
  /** The delivery that it does again. */
  retryOf?: string
}

/** Where a message is handed over: what its fate is judged by later. */
export type Departure = Pick<DeliveryRow, 'submittedAt' | 'server' | 'rolloutBytes'>

const sizeOf = (path: string | null): number | null => {
  try {
    return path === null ? null : statSync(path).size
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 0 : null
  }
}

/** The departure of a message for that lane, now. */
export const departureOf = (
  lane: LaneRow,
  { at, server }: { at: number; server: ServerInstance | null },
): Departure => ({ submittedAt: at, server, rolloutBytes: sizeOf(lane.rolloutPath) })

const hashOf = (text: string): string => textToShape(text).textHash

/** The row of a message; without a departure it waits. */
export const messageToRow = (
  { said, ...message }: Message,
  { at, departure }: { at: number; departure?: Departure },
): DeliveryRow => ({
  ...message,
  ...textToShape(message.text),
  textHash: hashOf(said ?? message.text),
  state: departure ? 'submitting' : 'queued',
  outcome: null,
  turnId: null,
  landed: null,
  createdAt: at,
  acceptedAt: null,
  completedAt: null,
  failure: null,
  position: null,
  retryOf: message.retryOf ?? null,
  attempt: 0,
  notBefore: null,
  ...(departure ?? { submittedAt: null, server: null, rolloutBytes: null }),
})

/** The delivery that this message is already; throws `conflict` where its id is that of another one. */
export const knownDelivery = (store: Store, message: Message): DeliveryRow | null => {
  const known = store.deliveries.get(message.id)
  if (!known) return null
  const { threadId, mode, text, said = text, overrides } = message
  const isSame =
    known.threadId === threadId &&
    known.mode === mode &&
    known.textHash === hashOf(said) &&
    isDeepStrictEqual(known.overrides, overrides)
  if (isSame) return known
  throw new DispatchError('conflict', `${known.id} is the id of another message.`, {
    details: { delivery: known.id },
  })
}

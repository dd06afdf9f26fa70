// A delivery as the registry keeps it: the receipt, and the text until it is no longer ours to keep.
import type {
  Delivery,
  DeliveryMode,
  DeliveryOutcome,
  DeliveryState,
  TurnSettings,
} from '@dispatch/contract'

/** The app-server process that could have received a delivery. */
export type ServerInstance = { pid: number; startedAt: number }

/** One row of `deliveries`; times in epoch ms. */
export type DeliveryRow = {
  /** A UUIDv7: the receipt. */
  id: string
  threadId: string
  mode: DeliveryMode
  /** The message; empty once the delivery is accepted. */
  text: string
  /** Characters (code points) of the text. */
  textLength: number
  /** Hash of the text that its sender gave: it may have been introduced or edited since. */
  textHash: string
  state: DeliveryState
  outcome: DeliveryOutcome | null
  turnId: string | null
  landed: Delivery['landed']
  overrides: TurnSettings
  /** cli, mcp, client, lane, trigger or daemon. */
  actor: string
  createdAt: number
  submittedAt: number | null
  acceptedAt: number | null
  completedAt: number | null
  failure: string | null
  server: ServerInstance | null
  /** Length of the rollout at submit, in bytes; null where it was not known. */
  rolloutBytes: number | null
  /** Place in the lane's queue, ascending; null for what does not wait in it. */
  position: number | null
  /** The delivery that this one does again. */
  retryOf: string | null
  /** How often it was tried again by itself, over all that it goes back to. */
  attempt: number
  /** It is not tried before; epoch ms. */
  notBefore: number | null
}

/** A delivery without its text, which may be a megabyte: what is decided by. */
export type DeliveryHead = Omit<DeliveryRow, 'text'>

/** What may change of a delivery. Setting `state` to `accepted` clears the text that is not given with it; any but `queued` takes it out of the queue. */
export type DeliveryPatch = Partial<Omit<DeliveryRow, 'id' | 'threadId' | 'createdAt'>>

/** What a list of deliveries asks for, newest first. */
export type DeliveryListQuery = {
  threadId: string | null
  state: DeliveryState | null
  limit: number
  /** Below that one. */
  before: { createdAt: number; id: string } | null
}

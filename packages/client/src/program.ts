// `outfitter-dispatch/client`: what programs outside this workspace import. At run time it loads the
// client alone: no daemon, no store, no command line, neither zod nor tRPC.

/** The client: typed ops, autostart, reconnection, resumption. */
export {
  createDispatchClient,
  type DispatchApi,
  type DispatchClient,
  type DispatchClientOptions,
} from './program-client.ts'
/** What an op takes and answers, by its path. */
export type { OpInput, OpOutput, OpPath } from './api.ts'
/** How calls and subscriptions are made, and what a subscription gives. */
export type { CallKind, CallOptions, SubscribeOptions } from './calls.ts'
export type { TrackedEvent } from './tracked-event.ts'
/** The only error of ours that calls throw, and its codes. */
export {
  DispatchError,
  type ErrorBody,
  type ErrorCode,
  type ErrorDetails,
} from '@dispatch/contract/errors'
/** What the answers are made of. */
export type {
  Delivery,
  DispatchEvent,
  EventType,
  LaneDetail,
  LaneStatus,
  LaneSummary,
  Request,
  TranscriptItem,
  Trigger,
  Turn,
} from '@dispatch/contract'

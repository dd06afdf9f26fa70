// What a caller sees of a client: calls and subscriptions by path. Types alone, without those of Node,
// so that a program that is compiled without them can use the client.
import type { TrackedEvent } from './tracked-event.ts'

/** How one call is made. */
export type CallOptions = {
  /** Gives the call up: it rejects with the signal's reason. What was committed stays. */
  signal?: AbortSignal
  /** Milliseconds until the answer must be there, a start of the daemon included; then the call rejects with `timeout`. No limit by default. */
  timeoutMs?: number
  /** Whether the daemon may be started, or an older one replaced, for it; default true. */
  autostart?: boolean
  /** The id of the call, a UUIDv7; a new one by default where the call may write. Made again under it, a call creates nothing. */
  callId?: string
}

/** How a subscription is made. */
export type SubscribeOptions = {
  /** Ends the subscription quietly. */
  signal?: AbortSignal
  /** The cursor to begin after. */
  after?: string
  /** Whether the daemon may be started for it; default true. It is never started for a resumption. */
  autostart?: boolean
  /** Called when the daemon first says where the stream stands: what happens from then on will come. */
  onBegin?: () => void
  /** Called when the connection is lost; it is looked for again without end. */
  onLost?: () => void
  /** Called after that, when the daemon has taken the subscription again. */
  onBack?: () => void
}

/** Whether a call only reads. */
export type CallKind = 'query' | 'mutation'

/** Ops by path, with plain data. */
export type Callable = {
  /** Makes one call; rejects with a DispatchError, or with the signal's reason. */
  call(path: string, kind: CallKind, input: unknown, options?: CallOptions): Promise<unknown>
  /** Follows; resumes by itself after the last cursor. Throws what the daemon refuses. */
  subscribe(
    path: string,
    input: unknown,
    options?: SubscribeOptions,
  ): AsyncIterableIterator<TrackedEvent>
}

/** A client without types. */
export type Client = Callable &
  AsyncDisposable & {
    /** Whether calls have, or had, a connection: without one none has done anything. */
    wasConnected(): boolean
    /** Ends the connections; what is open fails or ends. A daemon that is starting is left to start. */
    close(): Promise<void>
  }

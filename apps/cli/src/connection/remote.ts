// What the execution needs of the daemon: calls and streams by the path of an op. The client package
// is behind it, loaded when a call is made.
import type { TraceResult } from '@dispatch/contract'
import type { Form } from '../commands/command.ts'

/** A connection to the daemon. */
export type Remote = AsyncDisposable & {
  call(form: Form, input: unknown, signal: AbortSignal): Promise<unknown>
  /** What came of the last call, asked by `op`. */
  trace(op: string, signal: AbortSignal): Promise<TraceResult>
  /** The events of a subscription, without their cursors. */
  stream(form: Form, input: unknown, signal: AbortSignal): AsyncIterable<unknown>
}

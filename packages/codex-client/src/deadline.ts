// The end of one call's patience: a signal that fires when its time is up or when its caller gives
// up, whichever is first. Waiting for a slot, waiting for an answer and waiting between attempts
// all hang on this one signal.
import { CodexTimeoutError } from './errors.ts'
import type { Timers } from './timers.ts'

export interface DeadlineOptions {
  readonly method: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly timers: Timers
}

/** The signal's reason is a {@link CodexTimeoutError} or the given signal's own reason. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal
}

export function makeDeadline({ method, timeoutMs, signal, timers }: DeadlineOptions): Deadline {
  const controller = new AbortController()
  const giveUp = (): void => controller.abort(signal?.reason)
  if (signal?.aborted === true) giveUp()
  else signal?.addEventListener('abort', giveUp, { once: true })
  const cancel = timers.after(timeoutMs, () =>
    controller.abort(new CodexTimeoutError(method, timeoutMs)),
  )
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      cancel()
      signal?.removeEventListener('abort', giveUp)
    },
  }
}

// The time that a call may take: a signal that aborts with the caller's or when the time is over, and
// what is said then.
import { DispatchError } from '@dispatch/contract/errors'
import type { Clock } from './clock.ts'

/** The time of one call. */
export type Deadline = Disposable & {
  signal: AbortSignal | undefined
  /** Whether it was the time that ended the call. */
  isOver(): boolean
}

const never: Pick<Deadline, 'isOver'> & Disposable = {
  isOver: () => false,
  [Symbol.dispose]: () => undefined,
}

/** Begins to count; without a limit the signal is the caller's own. */
export const makeDeadline = (
  clock: Clock,
  ms: number | undefined,
  signal: AbortSignal | undefined,
): Deadline => {
  if (ms === undefined || !Number.isFinite(ms)) return { ...never, signal }
  const time = new AbortController()
  const callOff = clock.after(Math.max(0, ms), () => time.abort())
  return {
    signal: signal ? AbortSignal.any([signal, time.signal]) : time.signal,
    isOver: () => time.signal.aborted && !signal?.aborted,
    [Symbol.dispose]: callOff,
  }
}

/** The error of a call that took longer; one that writes may have been done all the same. */
export const makeLate = (path: string, ms: number, sent: { callId: string } | null) =>
  new DispatchError(
    'timeout',
    sent
      ? `${path} had no answer within ${ms} ms. The call ${sent.callId} may have been carried out all the same.`
      : `${path} had no answer within ${ms} ms.`,
    {
      hint: 'dispatch daemon status',
      details: { timeoutMs: ms, ...(sent ? { callId: sent.callId, mayBeDone: true } : {}) },
      // Under another id it would be another call.
      ...(sent ? { retryable: false } : {}),
    },
  )

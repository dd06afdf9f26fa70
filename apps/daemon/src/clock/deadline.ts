// The time that a sender gives: from the call on, whatever goes by before Codex has the message.
import type { Clock } from './clock.ts'

/** The end of that time; one that nobody set never comes. */
export type Deadline = Disposable & {
  /** Aborts when the time is up; a message gets a second to be handed over, however little is given. */
  over: AbortSignal
  /** Aborts then, or when the caller gives up. */
  signal: AbortSignal
  /** The promise, unless the time is up before; what is waited for goes on by itself. */
  unlessOver<T>(promise: Promise<T>): Promise<T>
  /** What is left of the time itself; null where none was given. */
  leftMs(): number | null
}

/** Codex takes a message within 0.1 s when it is well. */
const HANDED_OVER_MS = 1_000

type Given = {
  seconds: number | undefined
  caller: AbortSignal
  /** When it began, of the steady clock; now when absent. */
  since?: number | undefined
}

/** Counts from then on. */
export const makeDeadline = (clock: Clock, { seconds, caller, since }: Given): Deadline => {
  const end = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  late.catch(() => undefined)
  const expire = (): void => {
    const reason = new Error('The time is up.')
    end.abort(reason)
    reject(reason)
  }
  const now = clock.monotonic()
  const due = (since ?? now) + (seconds ?? 0) * 1_000
  const timer = seconds === undefined ? null : clock.at(Math.max(due - now, HANDED_OVER_MS), expire)
  return {
    over: end.signal,
    signal: AbortSignal.any([caller, end.signal]),
    unlessOver: (promise) => Promise.race([promise, late]),
    leftMs: () => (seconds === undefined ? null : Math.max(0, due - clock.monotonic())),
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  }
}

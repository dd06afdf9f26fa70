// Keeps the number of requests that the server works on below what it refuses: from about 150 at
// once it answers -32001. At most 64 are open, 8 of these only for urgent ones, so that an interrupt
// never waits behind a burst. A refused request was not begun and is tried again after a while.
import { CodexRpcError } from './errors.ts'
import type { Timers } from './timers.ts'

const MAX_OPEN = 64
const RESERVED = 8
const OVERLOADED = -32001
const MAX_ATTEMPTS = 8
const FIRST_BACKOFF_MS = 50
const MAX_BACKOFF_MS = 2000

export interface IngressOptions {
  readonly timers: Timers
  /** A number in [0, 1), for the jitter. */
  readonly random: () => number
}

export interface Turnstile {
  readonly urgent: boolean
  /** Ends the waiting, with its reason. */
  readonly signal: AbortSignal
}

export interface Ingress {
  /**
   * Runs `task` when there is room, before this returns if there is some; up to 8 times in all
   * while the server is overloaded.
   */
  run<T>(task: () => Promise<T>, turnstile: Turnstile): Promise<T>
  readonly open: number
  readonly waiting: number
}

export function makeIngress({ timers, random }: IngressOptions): Ingress {
  const urgentQueue = new Set<() => void>()
  const queue = new Set<() => void>()
  let open = 0

  const hasRoom = (urgent: boolean): boolean => open < (urgent ? MAX_OPEN : MAX_OPEN - RESERVED)

  const admit = (): void => {
    for (const [waiters, urgent] of [
      [urgentQueue, true],
      [queue, false],
    ] as const) {
      for (const enter of waiters) {
        if (!hasRoom(urgent)) break
        waiters.delete(enter)
        open += 1
        enter()
      }
    }
  }

  const enter = ({ urgent, signal }: Turnstile): Promise<void> | undefined => {
    signal.throwIfAborted()
    const waiters = urgent ? urgentQueue : queue
    if (waiters.size > 0 || !hasRoom(urgent)) {
      return untilDone(signal, (done) => {
        waiters.add(done)
        return () => waiters.delete(done)
      })
    }
    open += 1
    return undefined
  }

  const pause = (attempt: number, signal: AbortSignal): Promise<void> => {
    const span = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, MAX_BACKOFF_MS)
    return untilDone(signal, (done) => timers.after(span * (0.5 + random() / 2), done))
  }

  return {
    async run(task, turnstile) {
      const turn = enter(turnstile)
      if (turn !== undefined) await turn
      try {
        for (let attempt = 0; ; attempt += 1) {
          try {
            return await task()
          } catch (error) {
            if (!isOverload(error) || attempt + 1 === MAX_ATTEMPTS) throw error
            await pause(attempt, turnstile.signal)
          }
        }
      } finally {
        open -= 1
        admit()
      }
    },
    get open() {
      return open
    },
    get waiting() {
      return urgentQueue.size + queue.size
    },
  }
}

function isOverload(error: unknown): boolean {
  return error instanceof CodexRpcError && error.code === OVERLOADED
}

/** Waits for `done`, or calls the wait off and throws the signal's reason. */
async function untilDone(
  signal: AbortSignal,
  begin: (done: () => void) => () => void,
): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const callOff = begin(resolve)
  const giveUp = (): void => {
    callOff()
    reject(signal.reason)
  }
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

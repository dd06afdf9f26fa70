// Whether the registry says how lanes stand. After a start, a loss or a join it does not, until each lane
// with open work is as Codex has it: a turn that ended meanwhile would make its lane look busy. Without a
// Codex nothing better is to be had, so nothing is waited for.
import type { Clock } from '../clock/clock.ts'
import type { CodexLink } from '../codex/codex-link.ts'

/** What it needs. */
export type ReadinessOptions = {
  clock: Clock
  link: Pick<CodexLink, 'client'>
  /** What was left is gone on with. */
  ready: () => void
}

/** Whether it is known how lanes stand; not at the beginning. */
export type Readiness = Disposable & {
  isReady(): boolean
  /** Resolves when it is known; rejects when the signal aborts. */
  whenReady(signal: AbortSignal): Promise<void>
  /** Codex was lost, or joined. */
  unsure(): void
  /** Lanes are as Codex has them. */
  caughtUp(): void
}

/** No lane keeps what is due from the others for longer; a minute late would be missed. */
const WAIT_MS = 20_000

/** Makes it. */
export const makeReadiness = ({ clock, link, ready }: ReadinessOptions): Readiness => {
  const ending = new AbortController()
  let isReady = false
  let rounds = 0
  let timer: Disposable | null = null
  let waiting = Promise.withResolvers<void>()

  const become = (): void => {
    if (isReady || ending.signal.aborted) return
    timer?.[Symbol.dispose]()
    isReady = true
    waiting.resolve()
    ready()
  }

  const unsure = (): void => {
    if (ending.signal.aborted) return
    if (isReady) waiting = Promise.withResolvers<void>()
    isReady = false
    rounds += 1
    const round = rounds
    timer?.[Symbol.dispose]()
    timer = clock.at(WAIT_MS, become)
    link.client(ending.signal).catch(() => {
      if (round === rounds) become()
    })
  }

  unsure()

  return {
    isReady: () => isReady,
    whenReady: async (signal) => {
      if (isReady) return
      const aborted = Promise.withResolvers<never>()
      const abort = (): void => aborted.reject(signal.reason)
      signal.throwIfAborted()
      signal.addEventListener('abort', abort, { once: true })
      try {
        while (!isReady) await Promise.race([waiting.promise, aborted.promise])
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
    unsure,
    caughtUp: become,
    [Symbol.dispose]: () => {
      ending.abort()
      timer?.[Symbol.dispose]()
    },
  }
}

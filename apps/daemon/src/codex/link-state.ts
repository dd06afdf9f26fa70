// How the connection to Codex stands, and who waits for it to change.
import type { CodexStatus } from '@dispatch/contract'
import type { Clock } from '../clock/clock.ts'

/** How the connection stands. */
export type LinkState = {
  now(): CodexStatus['state']
  /** Why it is not ready; null where it is. */
  problem(): string | null
  become(next: CodexStatus['state'], problem: string | null): void
  /** Whether it is on its way to being ready. */
  isPending(): boolean
  /** Resolves at the next change, after that time or when the signal aborts. */
  changed(ms: number, signal?: AbortSignal): Promise<void>
}

/** Makes the state: starting. */
export const makeLinkState = (clock: Clock): LinkState => {
  let state: CodexStatus['state'] = 'starting'
  let problem: string | null = null
  let waiters: (() => void)[] = []
  return {
    now: () => state,
    problem: () => problem,
    isPending: () => state === 'starting' || state === 'reconnecting',
    become: (next, why) => {
      state = next
      problem = why
      const woken = waiters
      waiters = []
      for (const waiter of woken) waiter()
    },
    changed: (ms, signal) =>
      new Promise((resolve) => {
        const timer = clock.at(ms, () => resolve())
        const done = (): void => {
          timer[Symbol.dispose]()
          resolve()
        }
        waiters.push(done)
        signal?.addEventListener('abort', done, { once: true })
      }),
  }
}

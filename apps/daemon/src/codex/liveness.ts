// Finds a server that accepts but does not answer: pinged only while work is open.
import type { CodexClient } from '@dispatch/codex-client'
import type { Clock } from '../clock/clock.ts'

const EVERY_MS = 4_000
const ANSWER_MS = 5_000

/** Pings until the client ends; `dead` is called once when an answer stays away. */
export const watchLiveness = (
  clock: Clock,
  options: { client: CodexClient; hasOpenWork: () => boolean; dead: () => void },
): Disposable => {
  let stopped = false
  let timer: Disposable | undefined
  const next = (): void => {
    timer = clock.at(EVERY_MS, () => void ping())
  }
  const ping = async (): Promise<void> => {
    if (stopped) return
    if (!options.hasOpenWork()) return next()
    try {
      await options.client.request('server/diagnostics', {}, { timeoutMs: ANSWER_MS })
      if (!stopped) next()
    } catch {
      if (!stopped) options.dead()
    }
  }
  next()
  return {
    [Symbol.dispose]() {
      stopped = true
      timer?.[Symbol.dispose]()
    },
  }
}

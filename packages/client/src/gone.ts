// Waits for the end of a process that is not our child: the system tells nobody, so it is asked.
import { DispatchError } from '@dispatch/contract/errors'
import type { Clock } from './clock.ts'
import { isProcessAlive } from './environment.ts'

const POLL_MIN_MS = 5
const POLL_MAX_MS = 100
const LIMIT_MS = 30_000

/** Resolves when the process is gone; throws `timeout` after 30 s, or the signal's reason. */
export const waitUntilGone = async (
  pid: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> => {
  const deadline = clock.monotonic() + LIMIT_MS
  for (let wait = POLL_MIN_MS; isProcessAlive(pid); wait = Math.min(wait * 2, POLL_MAX_MS)) {
    if (clock.monotonic() > deadline) {
      throw new DispatchError('timeout', `Process ${pid} did not end within 30 s.`, {
        hint: `kill ${pid}`,
        details: { pid },
      })
    }
    await clock.pause(wait, signal)
    signal.throwIfAborted()
  }
}

// The daemon of a throw-away world: its start, what it needs, and its end.
import type { Lifecycle } from '@dispatch/client'
import type { UpResult } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'

// A start or an end of it that is broken off would leave a daemon that nobody knows of.
const throughout = (): { signal: AbortSignal } => ({ signal: new AbortController().signal })

const needCodex = ({ codex, warnings }: UpResult, command: string): void => {
  if (codex === 'ready' || codex === 'starting') return
  throw new DispatchError(
    'app_server',
    `dispatch ${command} needs a Codex: ${warnings[0] ?? codex}.`,
    {
      hint: `npm install -g @openai/codex, or DISPATCH_CODEX=/path/to/codex; then dispatch ${command}`,
    },
  )
}

/** Starts it and refuses to go on without a Codex; `command` is what to type again. Broken off, it throws the signal's reason when the daemon is there, and can be ended. */
export const beginDaemon = async (
  life: Lifecycle,
  { command, signal }: { command: string; signal: AbortSignal },
): Promise<UpResult> => {
  const up = await life.up({}, throughout())
  signal.throwIfAborted()
  needCodex(up, command)
  return up
}

/** Ends it, also after a break: nothing of the world stays behind. A second time finds nothing to end. */
export const endDaemon = async (life: Lifecycle): Promise<void> => {
  await life.down({ force: true }, throughout())
}

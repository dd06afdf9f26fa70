// The daemon of a throw-away world: what it needs, and its end.
import type { Lifecycle } from '@dispatch/client'
import type { UpResult } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'

/** Refuses to go on without a Codex; `command` is what to type again. */
export const needCodex = ({ codex, warnings }: UpResult, command: string): void => {
  if (codex === 'ready' || codex === 'starting') return
  throw new DispatchError(
    'app_server',
    `dispatch ${command} needs a Codex: ${warnings[0] ?? codex}.`,
    {
      hint: `npm install -g @openai/codex, or DISPATCH_CODEX=/path/to/codex; then dispatch ${command}`,
    },
  )
}

/** Ends it, also after a break: nothing of the world stays behind. A second time finds nothing to end. */
export const endDaemon = async (life: Lifecycle): Promise<void> => {
  await life.down({ force: true }, { signal: new AbortController().signal })
}

// open: hands the terminal to Codex's own UI, joined to the lane, until the person leaves it.
import { createDispatchClient } from '@dispatch/client'
import type { Call, OpenInput, OpenResult } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import { clientOptions } from '../../connection/client-options.ts'
import type { Setting } from '../../execute.ts'
import { laneToCommand } from './command.ts'
import { runInTerminal } from './spawn.ts'

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** Opens a lane and answers when its UI has ended. */
export const openLane = async (
  { io, ...setting }: Setting,
  input: OpenInput,
  { signal }: Pick<Call, 'signal'>,
): Promise<OpenResult> => {
  await using client = createDispatchClient(clientOptions({ io, ...setting }))
  const lane = await client.api.get({ lane: input.lane }, { signal })
  const { codex } = await client.api.daemon.status({}, { signal })
  const command = laneToCommand(lane, codex)
  if (!io.terminal.stdin || !io.terminal.stdout) {
    const typed = [`CODEX_HOME=${quoted(codex.home)}`, ...command.map(quoted)].join(' ')
    throw new DispatchError('usage', 'The UI of Codex needs a terminal.', {
      hint: typed,
      details: { command, codexHome: codex.home },
    })
  }
  const env = { ...io.env, CODEX_HOME: codex.home }
  const status = await runInTerminal({ command, env, cwd: io.cwd })
  if (status !== 0) {
    throw new DispatchError('app_server', `The UI of Codex ended with status ${status}.`, {
      hint: `dispatch get ${lane.ref}`,
      details: { command, status },
    })
  }
  const { ref, id, handle, title, managed, source, cwd } = lane
  return {
    ...{ ref, id, handle, title, managed, source, cwd, status: lane.status },
    command,
    said: `Left ${handle}. dispatch tail ${ref} shows what was said.\n`,
  }
}

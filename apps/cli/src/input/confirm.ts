// Asks a person before something is destroyed. Off a terminal nobody can be asked: --yes says it.
import { DispatchError } from '@dispatch/contract/errors'
import { commandName, firstSentence } from '../commands/command.ts'
import type { Invocation } from '../commands/invocation.ts'
import type { Io } from '../io.ts'
import { visibleLine } from '../output/visible.ts'
import { usage } from './refusal.ts'

const question = (invocation: Invocation, losses: readonly string[]): string => {
  const { command, values } = invocation
  const typed = Object.values(values).filter((value) => typeof value === 'string')
  const what = ['dispatch', commandName(command), ...typed].join(' ')
  const said = [firstSentence(command.description), ...losses].map(visibleLine)
  return `${visibleLine(what)}: ${said.join(' ')} Go on? [y/N] `
}

/** Whom to ask, and what would be lost, a sentence each. */
export type Asking = { io: Io; signal: AbortSignal; losses: readonly string[] }

/** Returns when the call may be made; throws `usage` where nobody can say so, `internal` when declined. */
export const confirm = async (
  invocation: Invocation,
  { io, signal, losses }: Asking,
): Promise<void> => {
  const { globals } = invocation
  if (globals.yes) return
  const canAsk = io.terminal.stdin && io.terminal.stderr && globals.interactive !== false
  if (!canAsk) {
    throw usage(invocation, ['This needs a confirmation: add --yes.', ...losses].join(' '))
  }
  io.writeError(question(invocation, losses))
  const answer = await io.readLine(signal)
  if (!/^(y|yes)$/i.test(answer?.trim() ?? '')) {
    throw new DispatchError('internal', 'Declined: nothing was done.')
  }
}

// Which Codex command opens a lane: an own lane is joined where it runs, in the daemon's App Server; an
// attached one is opened as Codex opens any session. Pure.
import type { CodexStatus, LaneDetail } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'

type Lane = Pick<LaneDetail, 'id' | 'ref' | 'handle' | 'source' | 'status' | 'ephemeral'>

const refuse = (message: string, hint?: string): never => {
  throw new DispatchError('validation', message, hint === undefined ? {} : { hint })
}

const socketOf = (codex: CodexStatus): string => {
  if (codex.connection === 'stdio') {
    return refuse(
      'With connection = "stdio" nobody else can join the App Server.',
      'Set connection = "own" in the [codex] table of the configuration, then dispatch restart --codex.',
    )
  }
  if (codex.state === 'ready' && codex.socket !== null) return codex.socket
  throw new DispatchError('app_server', `Codex is ${codex.state}: ${codex.error ?? 'no socket'}`, {
    hint: 'dispatch daemon status',
  })
}

/** The command; throws where the lane cannot be opened. */
export const laneToCommand = (lane: Lane, codex: CodexStatus): string[] => {
  if (lane.ephemeral) {
    refuse(`${lane.handle} is ephemeral: Codex keeps nothing of it that could be opened.`)
  }
  if (lane.status === 'archived') {
    refuse(`${lane.handle} is archived.`, `dispatch restore ${lane.ref}`)
  }
  const program = codex.binary ?? 'codex'
  return lane.source === 'attached'
    ? [program, 'resume', lane.id]
    : [program, '--remote', `unix://${socketOf(codex)}`, 'resume', lane.id]
}

// Why a daemon cannot be reached: one code, `daemon_unreachable`, whose `details.reason` says what a
// caller may do about it. Only an absent daemon is ever started, only a lost call made again.
import { DispatchError } from '@dispatch/contract/errors'

/**
 * `absent`: nobody listens. `forbidden`: the system refuses the connection. `lost`: the connection
 * ended before the answer. `silent`: connected, but no answer. `foreign`: another wire is spoken.
 * `ended`: the daemon said that it ends. `stale`: an older daemon, which is replaced.
 */
export type UnreachableReason =
  | 'absent'
  | 'forbidden'
  | 'lost'
  | 'silent'
  | 'foreign'
  | 'ended'
  | 'stale'

type Text = { message: string; hint?: string; cause?: unknown }

/** Makes the error. */
export const makeUnreachable = (reason: UnreachableReason, text: Text): DispatchError =>
  new DispatchError('daemon_unreachable', text.message, {
    hint: text.hint ?? 'dispatch up',
    details: { reason },
    ...(text.cause === undefined ? {} : { cause: text.cause }),
  })

/** The reason of such an error; null for every other. */
export const unreachableReason = (error: unknown): UnreachableReason | null =>
  error instanceof DispatchError && error.code === 'daemon_unreachable'
    ? ((error.details?.['reason'] as UnreachableReason | undefined) ?? null)
    : null

// A daemon that is older, or speaks another wire, has not taken the call.
const mayHaveTaken: ReadonlySet<UnreachableReason | null> = new Set([
  'absent',
  'forbidden',
  'lost',
  'silent',
  'ended',
])

const laneOf = (input: unknown): string | null => {
  const lane = typeof input === 'object' && input !== null && 'lane' in input ? input.lane : null
  return typeof lane === 'string' ? lane : null
}

/**
 * The error of a call that writes, whose connection was lost when the daemon may have had it already:
 * it may have been done, so it is not to be made anew under another id. Any other error stays as it is.
 */
export const toMayBeDone = (
  error: unknown,
  { callId, input }: { callId: string; input: unknown },
): unknown => {
  const reason = unreachableReason(error)
  if (!(error instanceof DispatchError) || !mayHaveTaken.has(reason)) return error
  const lane = laneOf(input)
  const look = lane === null ? 'dispatch list' : `dispatch get ${lane}`
  const message = `${error.message} The call ${callId} may have been carried out all the same.`
  return new DispatchError('daemon_unreachable', message, {
    // A silent daemon tells nothing before it is helped.
    hint: reason === 'silent' && error.hint !== null ? `${error.hint}, then ${look}` : look,
    details: { reason, callId, mayBeDone: true },
    retryable: false,
    cause: error,
  })
}

/** Something that is not ours is where the control socket should be. */
export const makeForeign = (path: string): DispatchError =>
  new DispatchError('conflict', `Another program answers on ${path}; it is left alone.`, {
    hint: 'End that program, or set DISPATCH_HOME or DISPATCH_SOCKET.',
    details: { reason: 'foreign' },
  })

/** What the system said when we tried to connect. */
export const connectFailure = (cause: NodeJS.ErrnoException, path: string): DispatchError => {
  // EINVAL: the path is too long for a socket, and no daemon has recorded a shorter one yet.
  if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED' || cause.code === 'EINVAL') {
    return makeUnreachable('absent', { message: `No daemon listens on ${path}.`, cause })
  }
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    return makeUnreachable('forbidden', {
      message: `The system does not let this process connect to ${path} (${cause.code}). A sandboxed agent cannot reach the control socket.`,
      hint: 'An agent in a lane calls the tools of dispatch, such as dispatch_list. Else run the command outside of the sandbox, or give the lane --network.',
      cause,
    })
  }
  return makeUnreachable('lost', { message: `Cannot connect to ${path}: ${cause.message}`, cause })
}

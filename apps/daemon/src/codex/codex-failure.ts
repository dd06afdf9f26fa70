// What a failed call to Codex means to the caller: one function turns its errors into ours.
import {
  CodexClosedError,
  CodexMessageTooLargeError,
  CodexRpcError,
  CodexTimeoutError,
  isDrainingError,
} from '@dispatch/codex-client'
import { DispatchError } from '@dispatch/contract'
import { holderToText, type LockHolder } from './writer-locks.ts'

const lockedElsewhere = /already has an active writer/
// An empty rollout is what Codex leaves when it is killed before it has written the first line: it
// has nothing of such a thread, and never will.
const unknownThread = /no rollout found|thread not found|thread not loaded|rollout at \S+ is empty/
const archivedThread = /session \S+ is archived/

/** A thread cannot be written, because another process has it loaded. */
export const holderToError = (holder: LockHolder, cause?: unknown): DispatchError =>
  new DispatchError('conflict', `Another process has the thread open: ${holderToText(holder)}.`, {
    hint: 'Close it there, then try again.',
    details: { holder },
    cause,
  })

/** Says who holds a thread, where that can be told. */
export type HolderOf = () => LockHolder | null

// What the caller named and Codex does not know; the same again helps nobody.
const unknownNames: [RegExp, (name: string) => string, string][] = [
  [
    /turn not found: (\S+)/,
    (name) => `The thread has no turn ${name}.`,
    'dispatch tail LANE --json names the turn of every item (turnId).',
  ],
  [
    /Model provider `([^`]*)` not found/,
    (name) => `Codex has no model provider "${name}".`,
    'Providers are [model_providers.NAME] in the config.toml of CODEX_HOME; dispatch config show says where this one was asked for.',
  ],
]

const unknownNameOf = (error: CodexRpcError): DispatchError | null => {
  for (const [pattern, words, hint] of unknownNames) {
    const name = pattern.exec(error.message)?.[1]
    if (name === undefined) continue
    const details = { method: error.method, code: error.code, name }
    return new DispatchError('validation', words(name), { hint, details, cause: error })
  }
  return null
}

const refused = (error: CodexRpcError, holderOf: HolderOf): DispatchError => {
  const { message, method, code } = error
  const details = { method, code }
  if (lockedElsewhere.test(message)) {
    const holder = holderOf()
    if (holder) return holderToError(holder, error)
    return new DispatchError('conflict', `Another process has the thread open: ${message}`, {
      hint: 'Close it there, then try again.',
      details,
      cause: error,
    })
  }
  if (unknownThread.test(message)) {
    return new DispatchError('app_server', `Codex does not have the thread any more: ${message}`, {
      details,
      cause: error,
    })
  }
  if (message.includes(`unknown variant \`${method}\``)) {
    return new DispatchError('app_server', `This Codex does not offer ${method}.`, {
      hint: 'Update Codex, then dispatch restart --codex. dispatch doctor shows what it lacks.',
      details,
      cause: error,
    })
  }
  return (
    unknownNameOf(error) ??
    new DispatchError('app_server', `Codex refused ${method}: ${message}`, {
      details,
      cause: error,
    })
  )
}

/** The error of the contract for whatever a call to Codex threw. */
export const codexFailureToError = (thrown: unknown, holderOf: HolderOf = () => null): unknown => {
  // What a server that ends says to every call is no answer to this one.
  if (isDrainingError(thrown)) {
    const message = 'Codex did not answer: its App Server is ending, and another takes its place.'
    return new DispatchError('app_server', message, {
      hint: 'dispatch daemon status',
      cause: thrown,
    })
  }
  if (thrown instanceof CodexRpcError) return refused(thrown, holderOf)
  if (thrown instanceof CodexTimeoutError || thrown instanceof CodexClosedError) {
    return new DispatchError('app_server', `Codex did not answer: ${thrown.message}`, {
      hint: 'dispatch daemon status',
      cause: thrown,
    })
  }
  if (thrown instanceof CodexMessageTooLargeError) {
    return new DispatchError('validation', thrown.message, { cause: thrown })
  }
  return thrown
}

const steerRefusals: [RegExp, (handle: string) => string, (ref: string) => string][] = [
  [
    /no active turn to steer/,
    (handle) => `The turn of ${handle} was over before the message came.`,
    (ref) => `dispatch send ${ref} ...`,
  ],
  [
    /expected active turn id/,
    (handle) => `Another turn runs on ${handle} by now than the one that was to be steered.`,
    (ref) => `dispatch get ${ref}, then dispatch send ${ref} ... --steer`,
  ],
  [
    /ActiveTurnNotSteerable/,
    (handle) => `Codex lets nobody steer the turn that runs on ${handle}, such as a review.`,
    (ref) => `dispatch send ${ref} ... --queue`,
  ],
]

/** The error of a refused steer: `validation` where it is because of how the lane's turn stands. */
export const steerRefusalToError = (
  refusal: unknown,
  { ref, handle }: { ref: string; handle: string },
): DispatchError => {
  const text = refusal instanceof CodexRpcError ? refusal.message : ''
  const found = steerRefusals.find(([reason]) => reason.test(text))
  if (!found) return codexFailureToError(refusal) as DispatchError
  const [, message, hint] = found
  return new DispatchError('validation', message(handle), { hint: hint(ref), cause: refusal })
}

/** Whether Codex gave no answer at all. */
export const isSilence = (thrown: unknown): boolean =>
  thrown instanceof CodexTimeoutError ||
  thrown instanceof CodexClosedError ||
  isDrainingError(thrown)

/** Whether Codex surely did not do what was asked: it said no. */
export const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof CodexRpcError && !isDrainingError(thrown)

const isRefusedAs = (thrown: unknown, reason: RegExp): boolean => {
  const refusal = thrown instanceof DispatchError ? thrown.cause : thrown
  return refusal instanceof CodexRpcError && reason.test(refusal.message)
}

/**
 * Whether Codex said no to reading a thread, also in an error of ours: it has nothing readable of it. One
 * that another process has open is none of these.
 */
export const isUnreadable = (thrown: unknown): boolean =>
  thrown instanceof DispatchError
    ? thrown.code !== 'conflict' && isUnreadable(thrown.cause)
    : isRefusal(thrown) && !isRefusedAs(thrown, lockedElsewhere)

/** Whether Codex refused because it has no such thread; archiving a second time is refused so, too. */
export const isThreadGone = (thrown: unknown): boolean => isRefusedAs(thrown, unknownThread)

/** Whether Codex refused an interrupt because that turn does not run. */
export const isTurnOver = (thrown: unknown): boolean =>
  isRefusedAs(thrown, /no active turn|expected active turn id/)

/** Whether Codex refused because the thread is archived. */
export const isThreadArchived = (thrown: unknown): boolean => isRefusedAs(thrown, archivedThread)

// What a failed call to Codex means to the caller: one function turns its errors into ours.
import {
  CodexClosedError,
  CodexMessageTooLargeError,
  CodexRpcError,
  CodexTimeoutError,
} from '@dispatch/codex-client'
import { DispatchError } from '@dispatch/contract'

const lockedElsewhere = /already has an active writer/
const unknownThread = /no rollout found|thread not found|thread not loaded/
const archivedThread = /session \S+ is archived/

const refused = (error: CodexRpcError): DispatchError => {
  const { message, method, code } = error
  const details = { method, code }
  if (lockedElsewhere.test(message)) {
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
  return new DispatchError('app_server', `Codex refused ${method}: ${message}`, {
    details,
    cause: error,
  })
}

/** The error of the contract for whatever a call to Codex threw. */
export const codexFailureToError = (thrown: unknown): unknown => {
  if (thrown instanceof CodexRpcError) return refused(thrown)
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

/** Whether Codex surely did not do what was asked: it said no. */
export const isRefusal = (thrown: unknown): boolean => thrown instanceof CodexRpcError

const isRefusedAs = (thrown: unknown, reason: RegExp): boolean => {
  const refusal = thrown instanceof DispatchError ? thrown.cause : thrown
  return refusal instanceof CodexRpcError && reason.test(refusal.message)
}

/** Whether Codex refused because it has no such thread; archiving a second time is refused so, too. */
export const isThreadGone = (thrown: unknown): boolean => isRefusedAs(thrown, unknownThread)

/** Whether Codex refused because the thread is archived. */
export const isThreadArchived = (thrown: unknown): boolean => isRefusedAs(thrown, archivedThread)

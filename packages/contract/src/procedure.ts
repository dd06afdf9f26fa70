// The tRPC builder of the contract: context, meta, and the one place where an error gets its wire
// shape. Zod issues become `validation`, an unknown path `daemon_unreachable`, the rest `internal`.
import { initTRPC } from '@trpc/server'
import { ZodError } from 'zod'
import type { Call } from './call.ts'
import { DispatchError, type ErrorBody, errorToBody, toDispatchError } from './errors.ts'
import { problemsToError } from './input-error.ts'
import { issueToProblems } from './input-problem.ts'
import type { OpMeta } from './meta.ts'
import type { DaemonServices, LocalServices } from './port.ts'

/** What a resolver sees: the port's two halves and the circumstances of the call. */
export type Context = { services: DaemonServices; local: LocalServices; call: Call }

const unknownPath = (message: string): DispatchError =>
  new DispatchError(
    'daemon_unreachable',
    `The running daemon does not know this call: ${message}`,
    {
      hint: 'dispatch restart',
    },
  )

type Failure = { code: string; message: string; cause?: unknown }

/** The body of what a procedure threw, as tRPC reports it; `input` is what it was called with. */
export const failureToBody = (failure: Failure, input?: unknown): ErrorBody => {
  const { cause } = failure
  if (cause instanceof DispatchError) return errorToBody(cause)
  if (failure.code === 'BAD_REQUEST' && cause instanceof ZodError) {
    const problems = cause.issues.flatMap((issue) => issueToProblems(issue, input))
    return errorToBody(problemsToError(problems))
  }
  if (failure.code === 'NOT_FOUND') return errorToBody(unknownPath(failure.message))
  if (failure.code === 'BAD_REQUEST') {
    return errorToBody(new DispatchError('validation', failure.message))
  }
  return errorToBody(toDispatchError(cause ?? new Error(failure.message)))
}

// isDev would put stacks on the wire.
const t = initTRPC
  .context<Context>()
  .meta<OpMeta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error, input }) => ({ ...shape, data: failureToBody(error, input) }),
  })

export const { router, procedure, createCallerFactory } = t

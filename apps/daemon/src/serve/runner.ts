// Runs one call through tRPC and writes what comes of it.
import {
  type AnyTRPCRouter,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  type TRPCError,
} from '@trpc/server'
import { type Call, type Context, DispatchError } from '@dispatch/contract'
import type { Log } from '../log/log.ts'
import {
  errorLine,
  eventLine,
  failureBody,
  failureCode,
  resultLine,
  startedLine,
  stoppedLine,
} from './answer.ts'
import type { Caller } from './hello.ts'
import type { Outbox } from './outbox.ts'
import type { Request } from './request.ts'

/** One run. */
export type Run = {
  request: Request
  caller: Caller
  outbox: Outbox
  signal: AbortSignal
  /** Whether the connection ends: then only successes are written. */
  isClosing: () => boolean
  /** Called before the last line is written: the id is free again. */
  settled: () => void
}

/** Runs a call; never rejects. */
export type Runner = (run: Run) => Promise<void>

type RunnerOptions = {
  router: AnyTRPCRouter
  makeContext: (call: Call) => Context
  /** Makes the id of a call that came without. */
  newId: () => string
  log: Log
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

const stream = async ({ request: { id }, outbox, signal }: Run, events: AsyncIterable<unknown>) => {
  outbox.push(startedLine(id))
  for await (const event of events) {
    if (signal.aborted) break
    outbox.push(eventLine(id, event))
    if (outbox.isFull()) await outbox.room(signal)
  }
}

/** Makes the runner of a router. */
export const makeRunner = (options: RunnerOptions): Runner => {
  const { router, makeContext, newId, log } = options

  // tRPC copies the own fields of what it is called with six times a call, a third of what a call costs:
  // what never changes is inherited. Nothing on this wire tells a query from a mutation.
  const forStream = { router, batchIndex: 0 }
  const forCall = { ...forStream, allowMethodOverride: true }

  const toCall = ({ request, caller, signal }: Run): Call => ({
    id: request.callId ?? newId(),
    caller: caller.caller,
    cwd: caller.cwd,
    zone: caller.zone,
    threadId: caller.threadId,
    codexHome: caller.codexHome ?? null,
    after: request.after,
    signal,
  })

  const execute = (run: Run): Promise<unknown> => {
    const { path, input, method } = run.request
    const own = {
      path,
      type: method,
      getRawInput: () => Promise.resolve(input),
      ctx: makeContext(toCall(run)),
      signal: run.signal,
    }
    return callTRPCProcedure(
      Object.assign(Object.create(method === 'subscription' ? forStream : forCall), own),
    )
  }

  const fail = (run: Run, thrown: unknown): void => {
    const { id, path } = run.request
    const error: TRPCError = getTRPCErrorFromUnknown(thrown)
    const cause = error.cause ?? error
    const body = failureBody(error, run.request)
    // That its caller gave up, or was lost, is no fault; what breaks then is one.
    const isAbort = run.signal.aborted && cause === run.signal.reason
    if (body.code === 'internal' && !isAbort) log.error('call.failed', { op: path, error: cause })
    run.settled()
    if (run.isClosing()) return
    run.outbox.push(errorLine(id, body, failureCode(error)))
  }

  return async (run) => {
    const { id, method, path } = run.request
    try {
      const result = await execute(run)
      if (method !== 'subscription') {
        run.settled()
        return run.outbox.push(resultLine(id, result))
      }
      if (!isIterable(result)) throw new DispatchError('internal', `${path} gave no events.`)
      await stream(run, result)
      run.settled()
      if (!run.isClosing()) run.outbox.push(stoppedLine(id))
    } catch (error) {
      fail(run, error)
    }
  }
}

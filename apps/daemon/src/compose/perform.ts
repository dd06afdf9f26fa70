// Carries ops out in this process, as the control socket does for its clients: the same checks of what goes in
// and comes out, the same errors.
import {
  appRouter,
  bodyToError,
  createCallerFactory,
  type DaemonServices,
  failureToBody,
} from '@dispatch/contract'
import type { Perform } from '../lane-tools/answering.ts'
import { localOnly } from '../serve/local-only.ts'

const callerOf = createCallerFactory(appRouter)

type Procedure = (input: unknown) => Promise<unknown>

/** Makes it of the services; they are asked for at each call. */
export const makePerform =
  (services: () => DaemonServices): Perform =>
  async (op, input, call) => {
    const caller = callerOf({ services: services(), local: localOnly, call })
    const procedure = op
      .split('.')
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], caller) as Procedure
    try {
      return await procedure(input)
    } catch (thrown) {
      call.signal.throwIfAborted()
      throw bodyToError(failureToBody(thrown as Parameters<typeof failureToBody>[0], input))
    }
  }
